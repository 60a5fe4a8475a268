package dev.tern.streaming.state.rocksdb;

import org.apache.flink.runtime.state.InternalPriorityQueue;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.heap.HeapPriorityQueue;
import org.apache.flink.runtime.state.heap.KeyGroupPartitionedPriorityQueue;
import org.apache.flink.state.rocksdb.RocksDBCachingPriorityQueueSet;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;
import org.apache.flink.state.rocksdb.RocksDBPriorityQueueSetFactory;
import org.apache.flink.state.rocksdb.TreeOrderedSetCache;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/**
 * The timer queues that are kept in RocksDB. Their timers move as entries of their column families;
 * here is what the queues remember of them: one cache a key group, ordered by their first timers.
 * Task mailbox thread.
 *
 * <p>Every queue is looked at whenever it has changed. An empty one then knows that it is empty and
 * does not look into the database again, where a transfer thread may be writing its timers, until
 * the unit is installed.
 */
@SuppressWarnings({"rawtypes", "unchecked"})
final class RocksTimers {

    private final RocksDBKeyedStateBackend<?> backend;
    private final Supplier<List<KeyGroupedInternalPriorityQueue<?>>> queues;

    RocksTimers(
            RocksDBKeyedStateBackend<?> backend,
            Supplier<List<KeyGroupedInternalPriorityQueue<?>>> queues) {
        this.backend = backend;
        this.queues = queues;
    }

    private List<KeyGroupPartitionedPriorityQueue> inDatabase() {
        return queues.get().stream()
                .filter(KeyGroupPartitionedPriorityQueue.class::isInstance)
                .map(KeyGroupPartitionedPriorityQueue.class::cast)
                .toList();
    }

    /** Changes the key groups for which there is room; those outside are empty. */
    void rebase(KeyGroupRange hull) {
        if (backend.priorityQueueFactory instanceof RocksDBPriorityQueueSetFactory factory) {
            factory.keyGroupRange = hull;
            inDatabase().forEach(queue -> rebase(queue, hull, factory.getCacheSize()));
        }
    }

    private void rebase(
            KeyGroupPartitionedPriorityQueue queue, KeyGroupRange hull, int cacheSize) {
        InternalPriorityQueue[] old = queue.keyGroupedHeaps;
        InternalPriorityQueue[] queues = new InternalPriorityQueue[hull.getNumberOfKeyGroups()];
        HeapPriorityQueue byFirstTimer =
                new HeapPriorityQueue(
                        queue.heapOfKeyGroupedHeaps.elementPriorityComparator, queues.length);
        for (int keyGroup : hull) {
            int oldPlace = keyGroup - queue.firstKeyGroup;
            RocksDBCachingPriorityQueueSet own =
                    (RocksDBCachingPriorityQueueSet)
                            (oldPlace >= 0 && oldPlace < old.length
                                    ? old[oldPlace]
                                    : like(
                                            (RocksDBCachingPriorityQueueSet) old[0],
                                            keyGroup,
                                            cacheSize));
            own.peek();
            queues[keyGroup - hull.getStartKeyGroup()] = own;
            byFirstTimer.add(own);
        }
        queue.keyGroupedHeaps = queues;
        queue.heapOfKeyGroupedHeaps = byFirstTimer;
        queue.firstKeyGroup = hull.getStartKeyGroup();
    }

    private RocksDBCachingPriorityQueueSet like(
            RocksDBCachingPriorityQueueSet other, int keyGroup, int cacheSize) {
        RocksDBCachingPriorityQueueSet empty =
                new RocksDBCachingPriorityQueueSet(
                        keyGroup,
                        backend.getKeyGroupPrefixBytes(),
                        backend.db,
                        backend.getReadOptions(),
                        other.columnFamilyHandle,
                        other.byteOrderProducingSerializer,
                        other.outputView,
                        other.inputView,
                        backend.writeBatchWrapper,
                        new TreeOrderedSetCache(cacheSize));
        // As is known: to look would cost a search in the database for every key group.
        empty.allElementsInCache = true;
        return empty;
    }

    /** The timers of the key groups have changed in the database. */
    void reload(Collection<Integer> keyGroups) {
        for (KeyGroupPartitionedPriorityQueue queue : inDatabase()) {
            for (int keyGroup : keyGroups) {
                RocksDBCachingPriorityQueueSet changed =
                        (RocksDBCachingPriorityQueueSet)
                                queue.keyGroupedHeaps[keyGroup - queue.firstKeyGroup];
                changed.orderedCache.bulkLoadFromOrderedIterator(Collections.emptyIterator());
                changed.peekCache = null;
                changed.allElementsInCache = false;
                changed.seekHint = changed.groupPrefixBytes;
                changed.peek();
                queue.heapOfKeyGroupedHeaps.adjustModifiedElement(changed);
            }
        }
    }
}
