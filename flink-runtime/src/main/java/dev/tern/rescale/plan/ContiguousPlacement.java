package dev.tern.rescale.plan;

/** Flink's own ranges: about half of all key groups move, but the ownership stays contiguous. */
public final class ContiguousPlacement implements PlacementPlanner {

    public static final String NAME = "contiguous";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Ownership place(Ownership current, int parallelism) {
        return Ownership.contiguous(current.keyGroups(), parallelism);
    }
}
