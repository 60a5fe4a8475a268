package dev.tern.streaming.state.heap;

import dev.tern.rescale.request.Obstacle;
import dev.tern.rescale.request.Obstacle.Reason;
import dev.tern.streaming.state.BackendSchema;
import dev.tern.streaming.state.MovableState;
import dev.tern.streaming.state.OperatorUnit;
import dev.tern.streaming.state.UnitCodec;

import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.heap.CopyOnWriteStateMap;
import org.apache.flink.runtime.state.heap.CopyOnWriteStateTable;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.runtime.state.heap.StateMap;
import org.apache.flink.runtime.state.heap.StateTable;

import java.io.IOException;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The keyed state of one operator on the heap. A key group leaves and arrives by exchanging the map
 * of each state, so the mailbox thread spends time on the number of states and of timers, not on
 * the number of entries.
 */
final class HeapState<K> implements MovableState {

    /** Capacity of a map that stands for a key group with nothing in it: the smallest there is. */
    private static final int EMPTY_CAPACITY = 4;

    private final HeapKeyedStateBackend<K> backend;
    private final HeapQueues queues;

    HeapState(HeapKeyedStateBackend<K> backend) {
        this.backend = backend;
        this.queues = new HeapQueues(backend.priorityQueuesManager);
    }

    @Override
    public Optional<Reason> obstacle() {
        for (Map.Entry<String, StateTable<K, ?, ?>> table : tables().entrySet()) {
            if (!(table.getValue() instanceof CopyOnWriteStateTable)) {
                return Optional.of(
                        Obstacle.STATE_TABLE.reason(
                                table.getKey(), table.getValue().getClass().getSimpleName()));
            }
        }
        return TtlCleanups.unreachable(backend).map(Obstacle.INCREMENTAL_CLEANUP::reason);
    }

    @Override
    public KeyGroupRange range() {
        return backend.getKeyGroupRange();
    }

    @Override
    public BitSet occupied() {
        BitSet occupied = new BitSet();
        for (StateTable<K, ?, ?> table : tables().values()) {
            for (int keyGroup : range()) {
                if (!table.getMapForKeyGroup(keyGroup).isEmpty()) {
                    occupied.set(keyGroup);
                }
            }
        }
        queues.addOccupied(range(), occupied);
        return occupied;
    }

    @Override
    public void rebase(KeyGroupRange hull) {
        HeapRebase.rebase(backend, hull);
        TtlCleanups.restart(backend);
    }

    @Override
    public byte[] schema() throws IOException {
        return HeapSchema.of(backend);
    }

    @Override
    public void adopt(byte[] schema) throws IOException {
        HeapSchema.registerMissing(parse(schema), backend);
    }

    private BackendSchema parse(byte[] schema) throws IOException {
        return BackendSchema.parse(schema, backend.userCodeClassLoader);
    }

    @Override
    public Map<Integer, OperatorUnit> detach(Collection<Integer> keyGroups) {
        Map<Integer, HeapUnit> units = new HashMap<>();
        queues.take(keyGroups)
                .forEach(
                        (keyGroup, timers) ->
                                units.put(keyGroup, new HeapUnit(new HashMap<>(), timers)));
        tables().forEach(
                        (name, table) -> {
                            for (int keyGroup : keyGroups) {
                                if (!table.getMapForKeyGroup(keyGroup).isEmpty()) {
                                    units.get(keyGroup).maps().put(name, takeMap(table, keyGroup));
                                }
                            }
                        });
        TtlCleanups.restart(backend);
        units.values().removeIf(unit -> unit.maps().isEmpty() && unit.queues().isEmpty());
        return Map.copyOf(units);
    }

    private static <K, N, S> CopyOnWriteStateMap<K, N, S> takeMap(
            StateTable<K, N, S> table, int keyGroup) {
        int place = keyGroup - table.keyGroupRange.getStartKeyGroup();
        StateMap<K, N, S> taken = table.keyGroupedStateMaps[place];
        table.keyGroupedStateMaps[place] = emptyMap(table);
        return (CopyOnWriteStateMap<K, N, S>) taken;
    }

    static <K, N, S> CopyOnWriteStateMap<K, N, S> emptyMap(StateTable<K, N, S> table) {
        return new CopyOnWriteStateMap<>(EMPTY_CAPACITY, table.getStateSerializer());
    }

    @Override
    public void install(int keyGroup, OperatorUnit unit) {
        HeapUnit heapUnit = (HeapUnit) unit;
        requireRoom(keyGroup, heapUnit);
        heapUnit.maps().forEach((name, map) -> putMap(tables().get(name), keyGroup, map));
        queues.put(keyGroup, heapUnit.queues());
        TtlCleanups.restart(backend);
    }

    // Checked before anything changes, so that a refused unit stays whole.
    private void requireRoom(int keyGroup, HeapUnit unit) {
        requireRegistered(keyGroup, unit.maps().keySet(), tables().keySet());
        requireRegistered(keyGroup, unit.queues().keySet(), queues.names());
        if (isOccupied(keyGroup)) {
            throw new IllegalStateException(
                    "Key group "
                            + keyGroup
                            + " cannot be installed: the new owner already has state for it.");
        }
    }

    private boolean isOccupied(int keyGroup) {
        if (tables().values().stream()
                .anyMatch(table -> !table.getMapForKeyGroup(keyGroup).isEmpty())) {
            return true;
        }
        BitSet timers = new BitSet();
        queues.addOccupied(KeyGroupRange.of(keyGroup, keyGroup), timers);
        return !timers.isEmpty();
    }

    private static void requireRegistered(
            int keyGroup, Collection<String> needed, Collection<String> registered) {
        for (String name : needed) {
            if (!registered.contains(name)) {
                throw new IllegalStateException(
                        "Key group "
                                + keyGroup
                                + " cannot be installed: state '"
                                + name
                                + "' is not registered here. The old owner's schema must be adopted"
                                + " first; registered are "
                                + registered);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <K, N, S> void putMap(
            StateTable<K, N, S> table, int keyGroup, CopyOnWriteStateMap<?, ?, ?> arriving) {
        CopyOnWriteStateMap<K, N, S> map = (CopyOnWriteStateMap<K, N, S>) arriving;
        map.setStateSerializer(table.getStateSerializer());
        table.keyGroupedStateMaps[keyGroup - table.keyGroupRange.getStartKeyGroup()] = map;
    }

    @Override
    public UnitCodec encoder() {
        return HeapCodec.writing(backend);
    }

    @Override
    public UnitCodec decoder(byte[] schema) throws IOException {
        return HeapSchema.decoder(parse(schema), backend);
    }

    @Override
    public void addEstimatedBytes(int[] keyGroups, long[] bytes) {
        HeapSizes sizes = new HeapSizes(keyGroups, bytes);
        tables().values().forEach(sizes::add);
        queues.addEstimatedBytes(keyGroups, bytes);
    }

    private Map<String, StateTable<K, ?, ?>> tables() {
        return backend.registeredKVStates;
    }
}
