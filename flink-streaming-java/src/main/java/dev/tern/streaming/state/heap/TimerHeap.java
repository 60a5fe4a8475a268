package dev.tern.streaming.state.heap;

import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSet;

import java.util.Arrays;
import java.util.Collection;

/**
 * Takes many timers out of Flink's binary heap, and puts many in, without hashing any. The hash
 * maps beside the heap are the caller's business.
 *
 * <p>One by one, a removal by place costs O(1) on average, since most elements sit near the leaves;
 * when a good part of the heap leaves or arrives, rebuilding it once in O(n) is cheaper.
 */
final class TimerHeap {

    private static final int FIRST = 1;

    /** Rebuild when more than 1 of this many elements leaves. */
    private static final int REBUILD_SHARE = 4;

    private TimerHeap() {}

    static <T extends HeapPriorityQueueElement> void removeAll(
            HeapPriorityQueueSet<T> heap, Collection<? extends Collection<? extends T>> leaving) {
        long count = leaving.stream().mapToLong(Collection::size).sum();
        boolean rebuild = count * REBUILD_SHARE > heap.size;
        for (Collection<? extends T> keyGroup : leaving) {
            for (T element : keyGroup) {
                if (!rebuild) {
                    heap.removeInternal(element.getInternalIndex());
                }
                element.setInternalIndex(HeapPriorityQueueElement.NOT_CONTAINED);
            }
        }
        if (rebuild) {
            compact(heap);
            heapify(heap);
        }
    }

    static <T extends HeapPriorityQueueElement> void addAll(
            HeapPriorityQueueSet<T> heap, Collection<? extends T> arriving) {
        if (arriving.size() <= heap.size) {
            for (T element : arriving) {
                heap.addInternal(element);
            }
            return;
        }
        int needed = FIRST + heap.size + arriving.size();
        if (heap.queue.length < needed) {
            heap.queue = Arrays.copyOf(heap.queue, needed + needed / 8);
        }
        T[] queue = heap.queue;
        for (T element : arriving) {
            queue[FIRST + heap.size] = element;
            element.setInternalIndex(FIRST + heap.size++);
        }
        heapify(heap);
    }

    private static <T extends HeapPriorityQueueElement> void compact(HeapPriorityQueueSet<T> heap) {
        T[] queue = heap.queue;
        int end = FIRST + heap.size;
        int kept = FIRST;
        for (int i = FIRST; i < end; i++) {
            T element = queue[i];
            if (element.getInternalIndex() != HeapPriorityQueueElement.NOT_CONTAINED) {
                queue[kept] = element;
                element.setInternalIndex(kept++);
            }
        }
        Arrays.fill(queue, kept, end, null);
        heap.size = kept - FIRST;
    }

    /** Floyd's bottom-up construction. */
    private static void heapify(HeapPriorityQueueSet<?> heap) {
        for (int i = heap.size / 2; i >= FIRST; i--) {
            heap.siftDown(i);
        }
    }
}
