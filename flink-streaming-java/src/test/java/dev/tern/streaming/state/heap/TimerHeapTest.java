package dev.tern.streaming.state.heap;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.state.KeyExtractorFunction;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.PriorityComparator;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSet;
import org.apache.flink.streaming.api.operators.TimerHeapInternalTimer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Flink's heap stays a heap when many timers leave or arrive, few or most of it. */
class TimerHeapTest {

    @ParameterizedTest
    @CsvSource({"0, 5", "1, 0", "1, 1", "10, 1", "10, 10", "1000, 3", "1000, 600", "3, 1000"})
    void whatIsLeftComesOutInOrder(int staying, int moving) {
        Random random = new Random(staying * 31L + moving);
        HeapPriorityQueueSet<TimerHeapInternalTimer<Integer, Integer>> heap = emptyHeap();
        List<TimerHeapInternalTimer<Integer, Integer>> stay = timers(random, staying, 0);
        List<TimerHeapInternalTimer<Integer, Integer>> move = timers(random, moving, 1);
        for (int i = 0; i < Math.max(staying, moving); i++) {
            if (i < staying) {
                heap.add(stay.get(i));
            }
            if (i < moving) {
                heap.add(move.get(i));
            }
        }

        TimerHeap.removeAll(heap, List.of(move));
        assertThat(heap.size()).isEqualTo(staying);
        assertThat(drainAndRefill(heap, stay)).isSorted().hasSize(staying);

        TimerHeap.addAll(heap, move);
        assertThat(heap.size()).isEqualTo(staying + moving);
        TimerHeap.removeAll(heap, List.of(stay));
        assertThat(heap.size()).isEqualTo(moving);
        TimerHeap.addAll(heap, stay);
        List<Long> all = new ArrayList<>();
        while (!heap.isEmpty()) {
            TimerHeapInternalTimer<Integer, Integer> head = heap.peek();
            heap.removeInternal(head.getInternalIndex());
            all.add(head.getTimestamp());
        }
        assertThat(all).isSorted().hasSize(staying + moving);
        assertThat(heap.peek()).isNull();
    }

    private static List<Long> drainAndRefill(
            HeapPriorityQueueSet<TimerHeapInternalTimer<Integer, Integer>> heap,
            List<TimerHeapInternalTimer<Integer, Integer>> content) {
        List<Long> drained = new ArrayList<>();
        while (!heap.isEmpty()) {
            TimerHeapInternalTimer<Integer, Integer> head = heap.peek();
            heap.removeInternal(head.getInternalIndex());
            drained.add(head.getTimestamp());
        }
        TimerHeap.addAll(heap, content);
        return drained;
    }

    private static List<TimerHeapInternalTimer<Integer, Integer>> timers(
            Random random, int count, int namespace) {
        List<TimerHeapInternalTimer<Integer, Integer>> timers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            timers.add(new TimerHeapInternalTimer<>(random.nextInt(500), i, namespace));
        }
        return timers;
    }

    private static HeapPriorityQueueSet<TimerHeapInternalTimer<Integer, Integer>> emptyHeap() {
        return new HeapPriorityQueueSet<>(
                PriorityComparator.forPriorityComparableObjects(),
                KeyExtractorFunction.forKeyedObjects(),
                2,
                KeyGroupRange.of(0, 0),
                1);
    }
}
