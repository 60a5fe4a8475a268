package dev.tern.rescale.plan;

import java.util.Arrays;

/**
 * Gives each subtask equally many of the ranges that Flink would make at a multiple of the
 * parallelism, wherever they are, and mostly those of which it owns most already. Pure.
 *
 * <p>A range is as long as all others, or one key group longer. So that all subtasks own equally much,
 * give or take one key group, each gets its share of the long ones, some one more. Ranges go to
 * owners in the order of how much of them stays where it is, which is not always the best there is,
 * but near it. What is left then goes round in ascending order.
 */
final class WholeRanges {

    private static final int NOBODY = -1;

    private final Ownership current;
    private final int parallelism;
    private final int each;
    private final int[] starts;
    private final int[] takers;
    private final int[] longOnes;
    private final int[] shortOnes;

    /** How many long ranges everybody gets. */
    private final int longShare;

    /** How many subtasks may still get one long range more, and how many one short range. */
    private int longExtras;

    private int shortExtras;

    private WholeRanges(Ownership current, int parallelism, int each) {
        int ranges = each * parallelism;
        if (current.keyGroups() < ranges) {
            throw new IllegalArgumentException(
                    current.keyGroups() + " key groups are too few for " + ranges + " ranges");
        }
        this.current = current;
        this.parallelism = parallelism;
        this.each = each;
        this.starts = starts(current.keyGroups(), ranges);
        this.takers = new int[ranges];
        Arrays.fill(takers, NOBODY);
        this.longOnes = new int[parallelism];
        this.shortOnes = new int[parallelism];
        int longRanges = current.keyGroups() % ranges;
        this.longShare = longRanges / parallelism;
        this.longExtras = longRanges % parallelism;
        this.shortExtras = parallelism - longExtras;
    }

    /**
     * See {@link PlacementPlanner#place}.
     *
     * @param each how many ranges each subtask gets
     */
    static Ownership place(Ownership current, int parallelism, int each) {
        WholeRanges places = new WholeRanges(current, parallelism, each);
        places.leaveWhereTheyAre();
        places.handOut(true);
        places.handOut(false);
        return places.ownership();
    }

    /** Where the ranges begin, and one more for the end of the last one. */
    private static int[] starts(int keyGroups, int ranges) {
        int[] owners = Ownership.contiguous(keyGroups, ranges).toTable();
        int[] starts = new int[ranges + 1];
        starts[ranges] = keyGroups;
        for (int keyGroup = keyGroups - 1; keyGroup >= 0; keyGroup--) {
            starts[owners[keyGroup]] = keyGroup;
        }
        return starts;
    }

    private void leaveWhereTheyAre() {
        for (long overlap : overlaps()) {
            int range = (int) (overlap >> 16) & 0xffff;
            int subtask = (int) overlap & 0xffff;
            if (takers[range] == NOBODY && mayTake(subtask, isLong(range))) {
                take(subtask, range);
            }
        }
    }

    /** How much of each range each subtask owns: the most first, then by range and subtask. */
    private long[] overlaps() {
        long[] overlaps = new long[current.keyGroups()];
        int count = 0;
        int[] owned = new int[Math.max(current.parallelism(), parallelism)];
        for (int range = 0; range < takers.length; range++) {
            for (int keyGroup = starts[range]; keyGroup < starts[range + 1]; keyGroup++) {
                owned[current.ownerOf(keyGroup)]++;
            }
            for (int keyGroup = starts[range]; keyGroup < starts[range + 1]; keyGroup++) {
                int owner = current.ownerOf(keyGroup);
                if (owned[owner] > 0 && owner < parallelism) {
                    long order = current.keyGroups() - owned[owner];
                    // A parallelism has 16 bits at most.
                    overlaps[count++] = order << 32 | (long) range << 16 | owner;
                }
                owned[owner] = 0;
            }
        }
        Arrays.sort(overlaps, 0, count);
        return Arrays.copyOf(overlaps, count);
    }

    /** Whoever has a long range more than its share has a short one less, and the other way round. */
    private boolean mayTake(int subtask, boolean isLong) {
        int share = isLong ? longShare : each - 1 - longShare;
        int taken = isLong ? longOnes[subtask] : shortOnes[subtask];
        int extras = isLong ? longExtras : shortExtras;
        return taken < share || taken == share && extras > 0 && !hasExtra(subtask);
    }

    private boolean hasExtra(int subtask) {
        return longOnes[subtask] > longShare || shortOnes[subtask] > each - 1 - longShare;
    }

    private void take(int subtask, int range) {
        takers[range] = subtask;
        if (isLong(range)) {
            longExtras -= ++longOnes[subtask] > longShare ? 1 : 0;
        } else {
            shortExtras -= ++shortOnes[subtask] > each - 1 - longShare ? 1 : 0;
        }
    }

    private boolean isLong(int range) {
        return starts[range + 1] - starts[range] > current.keyGroups() / takers.length;
    }

    /** What is left of the long ranges or of the short ones; who cannot take one never can again. */
    private void handOut(boolean longOnes) {
        int subtask = 0;
        for (int range = 0; range < takers.length; range++) {
            if (takers[range] == NOBODY && isLong(range) == longOnes) {
                while (!mayTake(subtask, longOnes)) {
                    subtask++;
                }
                take(subtask, range);
            }
        }
    }

    private Ownership ownership() {
        int[] owners = new int[current.keyGroups()];
        for (int range = 0; range < takers.length; range++) {
            Arrays.fill(owners, starts[range], starts[range + 1], takers[range]);
        }
        return Ownership.of(parallelism, owners);
    }
}
