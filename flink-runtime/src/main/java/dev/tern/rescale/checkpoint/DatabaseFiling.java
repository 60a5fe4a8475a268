package dev.tern.rescale.checkpoint;

import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.StateHandleID;

import java.util.HashMap;
import java.util.Map;

/**
 * Files the databases (RocksDB) of one operator, once for each range of their owners.
 *
 * <p>Whoever restores from such a handle opens the whole database, deletes what the handle declares
 * beyond the wanted range, and adds the wanted range of the other databases. Therefore the declared
 * range must cover all that the database holds: declared too small, key groups of others would stay
 * in the restored database and come back as old state later. What it must not be is the range that
 * the subtask itself declared: a subtask takes a local copy of its own for any handle of the same
 * range, and no two handles may look alike to it. So a filed handle reaches from the first key
 * group of the database to beyond the last there is, each to another end. All that fits into the
 * prefix of a key: there are at most as many ends as key groups, less one.
 *
 * <p>Databases whose owners have one of Flink's ranges each are filed as they are.
 */
final class DatabaseFiling {

    private final int maxParallelism;
    private final Map<StateHandleID, Integer> filed = new HashMap<>();

    DatabaseFiling(int maxParallelism) {
        this.maxParallelism = maxParallelism;
    }

    IncrementalRemoteKeyedStateHandle file(
            IncrementalRemoteKeyedStateHandle handle, KeyGroupRange range) {
        if (handle.getKeyGroupRange().equals(range)) {
            return handle;
        }
        int times = filed.merge(handle.getStateHandleId(), 1, Integer::sum);
        IncrementalRemoteKeyedStateHandle copy =
                IncrementalRemoteKeyedStateHandle.restore(
                        handle.getBackendIdentifier(),
                        KeyGroupRange.of(
                                handle.getKeyGroupRange().getStartKeyGroup(),
                                maxParallelism + times - 1),
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
}
