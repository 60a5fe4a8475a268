package dev.tern.rescale.plan;

import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Which subtask of a job vertex owns which key group.
 *
 * <p>Immutable. Not necessarily contiguous: any map is legal in which every owner is below the
 * parallelism.
 */
public final class Ownership implements Serializable {

    private static final long serialVersionUID = 1L;

    private final int parallelism;
    private final int[] ownerByKeyGroup;

    /**
     * How it travels: as runs of key groups with one owner. Commands to all tasks carry it, and a
     * table of 32768 key groups has some thousand runs.
     */
    private record Runs(int parallelism, int[] owners, int[] lengths) implements Serializable {

        static Runs of(Ownership ownership) {
            int[] table = ownership.ownerByKeyGroup;
            int[] owners = new int[table.length];
            int[] lengths = new int[table.length];
            int runs = 0;
            for (int keyGroup = 0; keyGroup < table.length; keyGroup++) {
                if (keyGroup == 0 || table[keyGroup] != table[keyGroup - 1]) {
                    owners[runs++] = table[keyGroup];
                }
                lengths[runs - 1]++;
            }
            return new Runs(
                    ownership.parallelism,
                    Arrays.copyOf(owners, runs),
                    Arrays.copyOf(lengths, runs));
        }

        private Object readResolve() {
            int[] table = new int[Arrays.stream(lengths).sum()];
            int start = 0;
            for (int run = 0; run < owners.length; run++) {
                Arrays.fill(table, start, start + lengths[run], owners[run]);
                start += lengths[run];
            }
            return Ownership.of(parallelism, table);
        }
    }

    private Object writeReplace() {
        return Runs.of(this);
    }

    private Ownership(int parallelism, int[] ownerByKeyGroup) {
        this.parallelism = parallelism;
        this.ownerByKeyGroup = ownerByKeyGroup;
    }

    /**
     * @throws IllegalArgumentException when an owner is not a subtask index of the parallelism
     */
    public static Ownership of(int parallelism, int[] ownerByKeyGroup) {
        for (int keyGroup = 0; keyGroup < ownerByKeyGroup.length; keyGroup++) {
            int owner = ownerByKeyGroup[keyGroup];
            if (owner < 0 || owner >= parallelism) {
                throw new IllegalArgumentException(
                        "Key group "
                                + keyGroup
                                + " is given to subtask "
                                + owner
                                + ", but subtasks are 0.."
                                + (parallelism - 1));
            }
        }
        return new Ownership(parallelism, ownerByKeyGroup.clone());
    }

    /** Flink's own assignment: contiguous ranges. */
    public static Ownership contiguous(int maxParallelism, int parallelism) {
        int[] owners = new int[maxParallelism];
        for (int keyGroup = 0; keyGroup < maxParallelism; keyGroup++) {
            owners[keyGroup] =
                    KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(
                            maxParallelism, parallelism, keyGroup);
        }
        return new Ownership(parallelism, owners);
    }

    public int parallelism() {
        return parallelism;
    }

    /** The number of key groups, which is the vertex's maximum parallelism. */
    public int keyGroups() {
        return ownerByKeyGroup.length;
    }

    public int ownerOf(int keyGroup) {
        return ownerByKeyGroup[keyGroup];
    }

    /** A copy of the table: index is the key group, value the subtask. */
    public int[] toTable() {
        return ownerByKeyGroup.clone();
    }

    /** The key groups of one subtask. */
    public BitSet ownedBy(int subtask) {
        BitSet owned = new BitSet(ownerByKeyGroup.length);
        for (int keyGroup = 0; keyGroup < ownerByKeyGroup.length; keyGroup++) {
            if (ownerByKeyGroup[keyGroup] == subtask) {
                owned.set(keyGroup);
            }
        }
        return owned;
    }

    /** How many key groups each subtask owns. */
    public int[] counts() {
        int[] counts = new int[parallelism];
        for (int owner : ownerByKeyGroup) {
            counts[owner]++;
        }
        return counts;
    }

    /** The smallest range that covers the given key groups; empty when there are none. */
    public static KeyGroupRange hullOf(BitSet keyGroups) {
        return keyGroups.isEmpty()
                ? KeyGroupRange.EMPTY_KEY_GROUP_RANGE
                : KeyGroupRange.of(keyGroups.nextSetBit(0), keyGroups.length() - 1);
    }

    /** Whether this is Flink's own assignment for the parallelism. */
    public boolean isContiguous() {
        return equals(contiguous(ownerByKeyGroup.length, parallelism));
    }

    /** The same table with the given moves carried out, seen at the larger parallelism. */
    public Ownership withMoves(Iterable<Move> moves, int newParallelism) {
        int[] owners = ownerByKeyGroup.clone();
        for (Move move : moves) {
            if (owners[move.keyGroup()] != move.from()) {
                throw new IllegalArgumentException(
                        move + " is impossible: the owner is subtask " + owners[move.keyGroup()]);
            }
            if (move.to() >= newParallelism) {
                throw new IllegalArgumentException(
                        move + " is impossible: subtasks are 0.." + (newParallelism - 1));
            }
            owners[move.keyGroup()] = move.to();
        }
        // A plan has many steps: what has not moved was checked before.
        return newParallelism >= parallelism
                ? new Ownership(newParallelism, owners)
                : of(newParallelism, owners);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ownership that
                && parallelism == that.parallelism
                && Arrays.equals(ownerByKeyGroup, that.ownerByKeyGroup);
    }

    @Override
    public int hashCode() {
        return 31 * parallelism + Arrays.hashCode(ownerByKeyGroup);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int subtask = 0; subtask < parallelism; subtask++) {
            text.append(subtask == 0 ? "" : ", ").append(subtask).append(':');
            text.append(ownedBy(subtask));
        }
        return text.toString();
    }
}
