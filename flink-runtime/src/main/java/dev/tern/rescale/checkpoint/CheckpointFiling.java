package dev.tern.rescale.checkpoint;

import dev.tern.rescale.plan.FiledParallelism;

import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Files the keyed state of an operator whose key groups are not spread over its subtasks as Flink
 * would spread them. Pure.
 *
 * <p>Restoring at the parallelism that a checkpoint names, Flink gives each subtask its old handle
 * as it is; at any other it intersects all handles with each subtask's range. And a checkpoint has
 * room for one keyed handle per subtask only, so that handles of several owners cannot be put
 * together under one subtask. So the state is filed as if it had been taken at a higher
 * parallelism, at which each of Flink's ranges lies with a single owner: subtask i of the filed
 * state has what the owner of range i has of it. Then both ways of restoring are right, at every
 * parallelism, in every Flink. In the worst case that parallelism is the maximum, one key group a
 * subtask.
 */
public final class CheckpointFiling {

    private CheckpointFiling() {}

    /**
     * Returns the state to put into the checkpoint.
     *
     * @param state as the subtasks reported it; handles may span key groups of others, as long as
     *     these are empty in it
     * @param owners the owner, a subtask index, of each key group
     * @return the same object if ownership and handles are as Flink has them, or there is no keyed
     *     state
     * @throws CheckpointFilingException if the state cannot be filed; the checkpoint must fail
     */
    public static OperatorState file(OperatorState state, int[] owners)
            throws CheckpointFilingException {
        if (state.isFullyFinished() || !hasKeyedState(state)) {
            return state;
        }
        requireFit(state, owners);
        if (isContiguous(owners, state.getParallelism()) && !spansStrangers(state)) {
            return state;
        }
        int parallelism = filedParallelism(owners, state.getParallelism());
        OperatorState filed =
                new OperatorState(
                        state.getOperatorName().orElse(null),
                        state.getOperatorUid().orElse(null),
                        state.getOperatorID(),
                        parallelism,
                        state.getMaxParallelism());
        filed.setCoordinatorState(state.getCoordinatorState());
        DatabaseFiling databases = new DatabaseFiling(state.getMaxParallelism());
        for (int subtask = 0; subtask < parallelism; subtask++) {
            fileSubtask(state, owners, filed, subtask, databases);
        }
        return filed;
    }

    /** Whether each key group is where Flink would put it at that parallelism. */
    public static boolean isContiguous(int[] owners, int parallelism) {
        for (int keyGroup = 0; keyGroup < owners.length; keyGroup++) {
            if (owners[keyGroup]
                    != KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(
                            owners.length, parallelism, keyGroup)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether each subtask owns one of the ranges that Flink would make at the parallelism, its own
     * or another's.
     */
    public static boolean isRanges(int[] owners, int parallelism) {
        return FiledParallelism.fits(owners, parallelism)
                && Arrays.stream(owners).distinct().count() == parallelism;
    }

    /** The least parallelism, not below the given one, at which each range has a single owner. */
    static int filedParallelism(int[] owners, int least) {
        return FiledParallelism.of(owners, least).parallelism();
    }

    private static void fileSubtask(
            OperatorState state,
            int[] owners,
            OperatorState filed,
            int subtask,
            DatabaseFiling databases)
            throws CheckpointFilingException {
        KeyGroupRange range =
                KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                        filed.getMaxParallelism(), filed.getParallelism(), subtask);
        OperatorSubtaskState owner = state.getState(owners[range.getStartKeyGroup()]);
        KeyedStateHandle managed =
                part(state, owner, range, OperatorSubtaskState::getManagedKeyedState, databases);
        KeyedStateHandle raw =
                part(state, owner, range, OperatorSubtaskState::getRawKeyedState, databases);

        OperatorSubtaskState old =
                subtask < state.getParallelism() ? state.getState(subtask) : null;
        if (old != null && old.isFinished() && managed == null && raw == null) {
            filed.putState(subtask, old);
            return;
        }
        OperatorSubtaskState.Builder builder =
                old == null ? OperatorSubtaskState.builder() : old.toBuilder();
        filed.putState(
                subtask,
                builder.setManagedKeyedState(StateObjectCollection.singletonOrEmpty(managed))
                        .setRawKeyedState(StateObjectCollection.singletonOrEmpty(raw))
                        .build());
    }

    private static KeyedStateHandle part(
            OperatorState state,
            OperatorSubtaskState owner,
            KeyGroupRange range,
            Function<OperatorSubtaskState, Collection<KeyedStateHandle>> kind,
            DatabaseFiling databases)
            throws CheckpointFilingException {
        if (owner == null || kind.apply(owner).isEmpty()) {
            return null;
        }
        Collection<KeyedStateHandle> handles = kind.apply(owner);
        KeyedStateHandle handle = handles.iterator().next();
        boolean database = handle instanceof IncrementalRemoteKeyedStateHandle;
        if (handles.size() > 1 || !database && !(handle instanceof KeyGroupsStateHandle)) {
            throw new CheckpointFilingException(
                    state,
                    "its key groups are spread otherwise than Flink spreads them, and its state ("
                            + handles.size()
                            + " x "
                            + handle.getClass().getSimpleName()
                            + ") cannot be divided by key group. Rescale the vertex with"
                            + " '--placement contiguous' before the next checkpoint.");
        }
        if (handle.getKeyGroupRange().getIntersection(range).getNumberOfKeyGroups()
                != range.getNumberOfKeyGroups()) {
            throw new CheckpointFilingException(
                    state,
                    "the owner of "
                            + range
                            + " reported state of "
                            + handle.getKeyGroupRange()
                            + " only.");
        }
        return database
                ? databases.file((IncrementalRemoteKeyedStateHandle) handle, range)
                : KeyGroupSlice.of((KeyGroupsStateHandle) handle, range);
    }

    // A restore at the same parallelism refuses a savepoint with key groups of others, even empty
    // ones.
    private static boolean spansStrangers(OperatorState state) {
        for (Map.Entry<Integer, OperatorSubtaskState> subtask :
                state.getSubtaskStates().entrySet()) {
            KeyGroupRange own =
                    KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                            state.getMaxParallelism(), state.getParallelism(), subtask.getKey());
            boolean strangers =
                    Stream.of(
                                    subtask.getValue().getManagedKeyedState(),
                                    subtask.getValue().getRawKeyedState())
                            .flatMap(Collection::stream)
                            .filter(KeyGroupsStateHandle.class::isInstance)
                            .map(KeyedStateHandle::getKeyGroupRange)
                            .anyMatch(range -> !own.getIntersection(range).equals(range));
            if (strangers) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasKeyedState(OperatorState state) {
        return state.getStates().stream()
                .anyMatch(
                        subtask ->
                                subtask.getManagedKeyedState().hasState()
                                        || subtask.getRawKeyedState().hasState());
    }

    private static void requireFit(OperatorState state, int[] owners)
            throws CheckpointFilingException {
        if (owners.length != state.getMaxParallelism()) {
            throw new CheckpointFilingException(
                    state,
                    "it has "
                            + state.getMaxParallelism()
                            + " key groups, but the owners of "
                            + owners.length
                            + " are known.");
        }
        for (int keyGroup = 0; keyGroup < owners.length; keyGroup++) {
            if (owners[keyGroup] < 0 || owners[keyGroup] >= state.getParallelism()) {
                throw new CheckpointFilingException(
                        state,
                        "key group "
                                + keyGroup
                                + " is owned by subtask "
                                + owners[keyGroup]
                                + ", but the checkpoint has "
                                + state.getParallelism()
                                + " subtasks.");
            }
        }
    }
}
