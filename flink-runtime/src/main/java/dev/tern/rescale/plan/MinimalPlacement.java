package dev.tern.rescale.plan;

/**
 * Balanced, with the fewest moves that keep checkpoints small.
 *
 * <p>Every subtask ends with the floor or the ceiling of the mean number of key groups. The fewest
 * moves ({@link FewestMoves}) are taken while checkpoints of what comes out of them ({@link
 * FiledParallelism}) need no more than twice as many handles as there are subtasks, or {@value
 * #HANDLES_AT_ANY_TIME}. Otherwise each subtask gets as many whole ranges as that allows ({@link
 * WholeRanges}). This moves somewhat more, but without it checkpoints of a thousand subtasks would
 * have as many handles as there are key groups.
 */
public final class MinimalPlacement implements PlacementPlanner {

    public static final String NAME = "minimal";

    private static final int RANGES_EACH = 2;

    /** So many handles are not worth a move, however few subtasks there are. */
    private static final int HANDLES_AT_ANY_TIME = 128;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Ownership place(Ownership current, int parallelism) {
        Ownership fewest = FewestMoves.place(current, parallelism);
        int ranges = Math.max(RANGES_EACH, HANDLES_AT_ANY_TIME / parallelism);
        int handles = Math.max(RANGES_EACH * parallelism, HANDLES_AT_ANY_TIME);
        return current.keyGroups() <= handles
                        || FiledParallelism.isAtMost(handles, fewest.toTable(), parallelism)
                ? fewest
                : WholeRanges.place(current, parallelism, ranges);
    }
}
