package dev.tern.streaming.state;

import dev.tern.rescale.request.Obstacle;

import org.apache.flink.runtime.state.KeyGroupRange;

import java.io.IOException;
import java.util.BitSet;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * The keyed state of one running operator, timers included. Every method runs in the task's mailbox
 * thread.
 */
public interface MovableState {

    /** Why this state cannot move, if it cannot: the end of a sentence about the operator. */
    Optional<Obstacle.Reason> obstacle();

    /** Key groups for which the backend has room; those that the task does not own are empty. */
    KeyGroupRange range();

    /** The key groups that hold entries or timers. */
    BitSet occupied();

    /**
     * Whether a unit can be installed in another task of the process as it is. If not, it is read
     * and written even within a process, so that this happens outside of the mailboxes.
     */
    default boolean movesByReference() {
        return true;
    }

    /**
     * Changes the key groups for which the backend has room. Key groups in both ranges keep what
     * they hold, by reference; snapshots that are still being written are not disturbed.
     *
     * @param hull at least one key group; every key group outside is empty
     */
    void rebase(KeyGroupRange hull);

    /**
     * Key groups are about to move. Until {@link #settle} a checkpoint, which may be taken between
     * two steps, finds them anywhere. Called before every step.
     */
    default void scatter() throws IOException {}

    /**
     * A migration is over; checkpoints may be taken from now on.
     *
     * @param asRanges whether each subtask of the vertex owns one of the ranges that Flink would
     *     make, its own or another's
     */
    default void settle(boolean asRanges) throws IOException {}

    /** What this operator has registered, in the format of a checkpoint's header. */
    byte[] schema() throws IOException;

    /**
     * Registers what another subtask of the same operator has registered and this one has not, as a
     * restore would.
     *
     * @throws IOException if the schema cannot be read, or a serializer is not compatible
     */
    void adopt(byte[] schema) throws IOException;

    /**
     * Takes out everything of some key groups; they are empty afterwards.
     *
     * @return a unit for each key group that was not empty, by key group
     */
    Map<Integer, OperatorUnit> detach(Collection<Integer> keyGroups);

    /**
     * Takes in what {@link #detach} of another subtask, or a {@link UnitCodec} of this one, gave.
     *
     * @throws IllegalStateException if the key group is not empty, or a state is not registered
     */
    void install(int keyGroup, OperatorUnit unit);

    /** A codec that writes what this operator has registered up to now. */
    UnitCodec encoder();

    /**
     * A codec that reads what another subtask wrote.
     *
     * @param schema of the subtask that wrote; adopted before
     */
    UnitCodec decoder(byte[] schema) throws IOException;

    /**
     * Estimates the serialized size of key groups from a sample.
     *
     * @param bytes receives the sizes, in bytes, added to what is there; as long as {@code
     *     keyGroups}
     */
    void addEstimatedBytes(int[] keyGroups, long[] bytes);
}
