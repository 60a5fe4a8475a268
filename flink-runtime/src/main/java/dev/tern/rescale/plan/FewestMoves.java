package dev.tern.rescale.plan;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.IntStream;

/**
 * The balanced placement that moves the fewest key groups. Pure.
 *
 * <p>Every subtask ends with the floor or the ceiling of the mean number of key groups. A subtask
 * that stays keeps as much as its quota allows; the ceilings go to those who own most, because each
 * saves a move there. What has to go is cut from the upper end of a subtask's key groups and handed
 * out in ascending order, so that few contiguous runs, and with them small snapshot metadata,
 * result.
 */
public final class FewestMoves {

    private FewestMoves() {}

    /** See {@link PlacementPlanner#place}. */
    public static Ownership place(Ownership current, int parallelism) {
        int[] owners = current.toTable();
        int[] quota = quotas(current, parallelism);
        int[] kept = new int[parallelism];
        Deque<Integer> homeless = new ArrayDeque<>();
        for (int keyGroup = 0; keyGroup < owners.length; keyGroup++) {
            int owner = owners[keyGroup];
            if (owner < parallelism && kept[owner] < quota[owner]) {
                kept[owner]++;
            } else {
                homeless.add(keyGroup);
            }
        }
        for (int subtask = 0; subtask < parallelism; subtask++) {
            for (; kept[subtask] < quota[subtask]; kept[subtask]++) {
                owners[homeless.remove()] = subtask;
            }
        }
        return Ownership.of(parallelism, owners);
    }

    private static int[] quotas(Ownership current, int parallelism) {
        int floor = current.keyGroups() / parallelism;
        int ceilings = current.keyGroups() % parallelism;
        int[] counts = Arrays.copyOf(current.counts(), parallelism);
        int[] quota = new int[parallelism];
        Arrays.fill(quota, floor);
        IntStream.range(0, parallelism)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(subtask -> -counts[subtask]))
                .limit(ceilings)
                .forEach(subtask -> quota[subtask]++);
        return quota;
    }
}
