package dev.tern.rescale.plan;

import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

import java.util.Arrays;

/**
 * The least parallelism at which each of Flink's ranges has a single owner: at which every boundary
 * between two owners is a boundary between two ranges. Pure.
 *
 * @param parallelism the parallelism
 * @param looks how many boundaries were looked at, which is what finding it costs
 */
public record FiledParallelism(int parallelism, long looks) {

    /**
     * @param owners the owner of each key group
     * @param least a parallelism below which none is looked for
     */
    public static FiledParallelism of(int[] owners, int least) {
        // Found at the latest at one key group a range.
        return search(owners, least, owners.length);
    }

    /**
     * Whether there is one that is not above a bound; as cheap as the bound is near.
     *
     * @param least a parallelism below which none is looked for
     */
    public static boolean isAtMost(int bound, int[] owners, int least) {
        return search(owners, least, bound).parallelism <= bound;
    }

    /** The least parallelism, or a number above the bound if that is. */
    private static FiledParallelism search(int[] owners, int least, int bound) {
        int[] boundaries = boundaries(owners);
        int parallelism = Math.max(least, lowerBound(boundaries, owners.length));
        long looks = 0;
        while (parallelism <= bound) {
            int fitting = 0;
            while (fitting < boundaries.length
                    && separates(owners.length, parallelism, boundaries[fitting])) {
                fitting++;
            }
            looks += fitting + 1;
            if (fitting >= boundaries.length) {
                return new FiledParallelism(parallelism, looks);
            }
            // What stood in the way stands in the way of most others too: look there first.
            int stubborn = boundaries[fitting];
            System.arraycopy(boundaries, 0, boundaries, 1, fitting);
            boundaries[0] = stubborn;
            parallelism++;
        }
        return new FiledParallelism(parallelism, looks);
    }

    /** Whether each range of this parallelism has a single owner. */
    public static boolean fits(int[] owners, int parallelism) {
        return Arrays.stream(boundaries(owners))
                .allMatch(boundary -> separates(owners.length, parallelism, boundary));
    }

    /** The key groups whose predecessor has another owner. */
    private static int[] boundaries(int[] owners) {
        int[] found = new int[owners.length];
        int count = 0;
        for (int keyGroup = 1; keyGroup < owners.length; keyGroup++) {
            if (owners[keyGroup] != owners[keyGroup - 1]) {
                found[count++] = keyGroup;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** No range may be longer than the shortest run of one owner, and the shortest range is it. */
    private static int lowerBound(int[] boundaries, int keyGroups) {
        int shortest = keyGroups;
        int start = 0;
        for (int boundary : boundaries) {
            shortest = Math.min(shortest, boundary - start);
            start = boundary;
        }
        shortest = Math.min(shortest, keyGroups - start);
        return keyGroups / (shortest + 1) + 1;
    }

    private static boolean separates(int keyGroups, int parallelism, int boundary) {
        return KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(
                        keyGroups, parallelism, boundary)
                != KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(
                        keyGroups, parallelism, boundary - 1);
    }
}
