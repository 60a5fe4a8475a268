package dev.tern.rescale.checkpoint;

import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.StateHandleID;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Files the databases (RocksDB) of one operator, once for each range of their owners.
 *
 * <p>Whoever restores from such a handle opens the whole database, deletes what the handle declares
 * beyond the wanted range, and adds the wanted range of the other databases. Therefore the declared
 * range must cover all that the database holds: declared too small, key groups of others would stay
 * in the restored database and come back as old state later. Beyond that it should be small, since
 * everyone fetches the databases whose range meets its own. And it must not be a range that a
 * subtask declared itself: a subtask takes a local copy of its own for any handle of the same range,
 * and no two handles may look alike to it. So a filed handle reaches from the first key group of the
 * database to beyond its last, each a little further. All that fits into the prefix of a key: there
 * are at most as many ends as key groups, less one.
 *
 * <p>Databases whose owners have one of Flink's ranges each are filed as they are.
 */
final class DatabaseFiling {

    private final Set<KeyGroupRange> reported = new HashSet<>();
    private final Map<StateHandleID, Integer> furthest = new HashMap<>();

    /**
     * @param state as the subtasks reported it
     */
    DatabaseFiling(OperatorState state) {
        state.getStates().stream()
                .map(subtask -> subtask.getManagedKeyedState())
                .flatMap(Collection::stream)
                .forEach(handle -> reported.add(handle.getKeyGroupRange()));
    }

    IncrementalRemoteKeyedStateHandle file(
            IncrementalRemoteKeyedStateHandle handle, KeyGroupRange range) {
        if (handle.getKeyGroupRange().equals(range)) {
            return handle;
        }
        IncrementalRemoteKeyedStateHandle copy =
                IncrementalRemoteKeyedStateHandle.restore(
                        handle.getBackendIdentifier(),
                        further(handle),
                        handle.getCheckpointId(),
                        handle.getSharedState(),
                        handle.getPrivateState(),
                        handle.getMetaDataStateHandle(),
                        handle.getCheckpointedSize(),
                        handle.getStateHandleId());
        if (handle.getSharedStateRegistry() != null) {
            // Or it would delete the shared files when its checkpoint is discarded.
            copy.registerSharedStates(handle.getSharedStateRegistry(), handle.getCheckpointId());
        }
        return copy;
    }

    private KeyGroupRange further(IncrementalRemoteKeyedStateHandle handle) {
        KeyGroupRange hull = handle.getKeyGroupRange();
        KeyGroupRange range = hull;
        while (reported.contains(range)) {
            int end = furthest.merge(handle.getStateHandleId(), 1, Integer::sum);
            range = KeyGroupRange.of(hull.getStartKeyGroup(), hull.getEndKeyGroup() + end);
        }
        return range;
    }
}
