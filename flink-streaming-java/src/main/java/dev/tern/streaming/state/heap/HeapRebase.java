package dev.tern.streaming.state.heap;

import org.apache.flink.runtime.state.InternalKeyContextImpl;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.runtime.state.heap.HeapSnapshotStrategy;
import org.apache.flink.runtime.state.heap.StateMap;
import org.apache.flink.runtime.state.heap.StateTable;

/**
 * Changes the range of a heap backend in place. Arrays everywhere are indexed by key group minus
 * start of the range, and the range is kept in a dozen places: all of them change at once.
 */
final class HeapRebase {

    private HeapRebase() {}

    static <K> void rebase(HeapKeyedStateBackend<K> backend, KeyGroupRange hull) {
        backend.registeredKVStates.values().forEach(table -> rebase(table, hull));
        new HeapQueues(backend.priorityQueuesManager).rebase(hull);
        ((InternalKeyContextImpl<K>) backend.getKeyContext()).keyGroupRange = hull;
        backend.keyGroupRange = hull;
        replaceSnapshotStrategy(backend, hull);
    }

    private static <K, N, S> void rebase(StateTable<K, N, S> table, KeyGroupRange hull) {
        KeyGroupRange old = table.keyGroupRange;
        @SuppressWarnings("unchecked")
        StateMap<K, N, S>[] maps = new StateMap[hull.getNumberOfKeyGroups()];
        for (int keyGroup : hull) {
            maps[keyGroup - hull.getStartKeyGroup()] =
                    old.contains(keyGroup)
                            ? table.keyGroupedStateMaps[keyGroup - old.getStartKeyGroup()]
                            : HeapState.emptyMap(table);
        }
        table.keyGroupedStateMaps = maps;
        table.keyGroupRange = hull;
    }

    // The asynchronous part of a snapshot reads the range from its strategy, so the old one keeps
    // its.
    @SuppressWarnings("unchecked")
    private static <K> void replaceSnapshotStrategy(
            HeapKeyedStateBackend<K> backend, KeyGroupRange hull) {
        HeapSnapshotStrategy<K> old = (HeapSnapshotStrategy<K>) backend.checkpointStrategy;
        backend.checkpointStrategy =
                new HeapSnapshotStrategy<>(
                        backend.registeredKVStates,
                        backend.priorityQueuesManager.registeredPQStates,
                        backend.getKeyGroupCompressionDecorator(),
                        backend.getLocalRecoveryConfig(),
                        hull,
                        old.keySerializerProvider,
                        backend.getNumberOfKeyGroups());
    }
}
