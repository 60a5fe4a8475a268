package dev.tern.streaming.state.heap;

import dev.tern.streaming.state.BackendSchema;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.HeapPriorityQueuesManager;
import org.apache.flink.runtime.state.KeyExtractorFunction;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.RegisteredPriorityQueueStateBackendMetaInfo;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSet;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSnapshotRestoreWrapper;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.BackendStateType;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot.CommonSerializerKeys;
import org.apache.flink.streaming.api.operators.TimerHeapInternalTimer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The timer queues that a backend keeps on the heap, whatever it keeps its entries in. Task mailbox
 * thread.
 */
public final class HeapQueues {

    private final HeapPriorityQueuesManager manager;

    /**
     * @param manager null if the backend keeps no timers on the heap
     */
    public HeapQueues(HeapPriorityQueuesManager manager) {
        this.manager = manager;
    }

    Map<String, HeapPriorityQueueSnapshotRestoreWrapper<?>> registered() {
        return manager == null ? Map.of() : manager.registeredPQStates;
    }

    /** Names of the queues. */
    public Collection<String> names() {
        return registered().keySet();
    }

    /** Adds the key groups of the range that have timers. */
    public void addOccupied(KeyGroupRange range, BitSet occupied) {
        for (HeapPriorityQueueSnapshotRestoreWrapper<?> queue : registered().values()) {
            for (int keyGroup : range) {
                if (!queue.getPriorityQueue().getSubsetForKeyGroup(keyGroup).isEmpty()) {
                    occupied.set(keyGroup);
                }
            }
        }
    }

    /** Changes the key groups for which there is room; those outside are empty. */
    public void rebase(KeyGroupRange hull) {
        if (manager == null) {
            return;
        }
        registered().values().forEach(queue -> rebase(queue, hull));
        manager.keyGroupRange = hull;
        manager.priorityQueueSetFactory.keyGroupRange = hull;
    }

    private static <T extends HeapPriorityQueueElement> void rebase(
            HeapPriorityQueueSnapshotRestoreWrapper<T> wrapper, KeyGroupRange hull) {
        HeapPriorityQueueSet<T> queue = wrapper.getPriorityQueue();
        KeyGroupRange old = queue.keyGroupRange;
        @SuppressWarnings("unchecked")
        HashMap<T, T>[] maps = new HashMap[hull.getNumberOfKeyGroups()];
        for (int keyGroup : hull) {
            maps[keyGroup - hull.getStartKeyGroup()] =
                    old.contains(keyGroup)
                            ? queue.deduplicationMapsByKeyGroup[keyGroup - old.getStartKeyGroup()]
                            : new HashMap<>();
        }
        queue.deduplicationMapsByKeyGroup = maps;
        queue.keyGroupRange = hull;
        wrapper.localKeyGroupRange = hull;
    }

    /**
     * Takes all timers of some key groups out.
     *
     * @return for each key group the timers of each queue that had any; each maps to itself, as the
     *     queue keeps them
     */
    public Map<Integer, Map<String, HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement>>>
            take(Collection<Integer> keyGroups) {
        Map<Integer, Map<String, HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement>>>
                taken = new HashMap<>();
        keyGroups.forEach(keyGroup -> taken.put(keyGroup, new HashMap<>()));
        registered().forEach((name, queue) -> take(name, untyped(queue), taken));
        return taken;
    }

    private static void take(
            String name,
            HeapPriorityQueueSet<HeapPriorityQueueElement> queue,
            Map<Integer, Map<String, HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement>>>
                    taken) {
        List<Collection<HeapPriorityQueueElement>> leaving = new ArrayList<>();
        taken.forEach(
                (keyGroup, queues) -> {
                    int place = keyGroup - queue.keyGroupRange.getStartKeyGroup();
                    HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement> timers =
                            queue.deduplicationMapsByKeyGroup[place];
                    if (!timers.isEmpty()) {
                        queue.deduplicationMapsByKeyGroup[place] = new HashMap<>();
                        queues.put(name, timers);
                        leaving.add(timers.keySet());
                    }
                });
        TimerHeap.removeAll(queue, leaving);
    }

    /** Puts timers into an empty key group. */
    public void put(
            int keyGroup,
            Map<String, HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement>> timers) {
        timers.forEach((name, arriving) -> put(untyped(registered().get(name)), keyGroup, arriving));
    }

    private static void put(
            HeapPriorityQueueSet<HeapPriorityQueueElement> queue,
            int keyGroup,
            HashMap<HeapPriorityQueueElement, HeapPriorityQueueElement> timers) {
        int place = keyGroup - queue.keyGroupRange.getStartKeyGroup();
        queue.deduplicationMapsByKeyGroup[place] = timers;
        TimerHeap.addAll(queue, timers.keySet());
    }

    /** Adds the estimated serialized size, in bytes, of the timers of key groups. */
    public void addEstimatedBytes(int[] keyGroups, long[] bytes) {
        HeapSizes sizes = new HeapSizes(keyGroups, bytes);
        registered().values().forEach(sizes::add);
    }

    /** Adds what is registered. */
    public void addSchema(List<StateMetaInfoSnapshot> states) {
        registered().values().forEach(queue -> states.add(queue.getMetaInfo().snapshot()));
    }

    /** Registers a queue of another subtask unless there is one of the name. */
    public void registerMissing(StateMetaInfoSnapshot state, int maxParallelism) {
        if (registered().containsKey(state.getName())) {
            return;
        }
        RegisteredPriorityQueueStateBackendMetaInfo<TimerHeapInternalTimer<Object, Object>> meta =
                new RegisteredPriorityQueueStateBackendMetaInfo<>(state);
        HeapPriorityQueueSet<TimerHeapInternalTimer<Object, Object>> queue =
                manager.priorityQueueSetFactory.create(
                        state.getName(), meta.getElementSerializer());
        manager.registeredPQStates.put(
                state.getName(),
                new HeapPriorityQueueSnapshotRestoreWrapper<>(
                        queue,
                        meta,
                        KeyExtractorFunction.forKeyedObjects(),
                        manager.keyGroupRange,
                        maxParallelism));
    }

    /** A codec that writes what is registered; its serializers are duplicates. */
    public TimerCodec writer() {
        Map<String, TypeSerializer<?>> queues = new HashMap<>();
        registered()
                .forEach(
                        (name, queue) ->
                                queues.put(
                                        name,
                                        queue.getMetaInfo().getElementSerializer().duplicate()));
        return new TimerCodec(queues);
    }

    /** A codec that reads what another subtask wrote; its queues are registered here. */
    public TimerCodec reader(BackendSchema written) throws IOException {
        Map<String, TypeSerializer<?>> queues = new HashMap<>();
        for (StateMetaInfoSnapshot state : written.states()) {
            if (state.getBackendStateType() == BackendStateType.PRIORITY_QUEUE
                    && registered().containsKey(state.getName())) {
                queues.put(
                        state.getName(),
                        BackendSchema.reader(
                                registered()
                                        .get(state.getName())
                                        .getMetaInfo()
                                        .getElementSerializer(),
                                state,
                                CommonSerializerKeys.VALUE_SERIALIZER));
            }
        }
        return new TimerCodec(queues);
    }

    @SuppressWarnings("unchecked")
    private static HeapPriorityQueueSet<HeapPriorityQueueElement> untyped(
            HeapPriorityQueueSnapshotRestoreWrapper<?> queue) {
        return (HeapPriorityQueueSet<HeapPriorityQueueElement>) queue.getPriorityQueue();
    }
}
