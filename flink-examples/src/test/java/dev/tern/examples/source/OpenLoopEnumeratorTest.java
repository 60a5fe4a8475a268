package dev.tern.examples.source;

import org.apache.flink.api.connector.source.SplitEnumerator;

import dev.tern.examples.measure.Schedule;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class OpenLoopEnumeratorTest {

    private static final Schedule SCHEDULE = Schedule.steady(7, 1);

    private final OpenLoopSource<String> source =
            new OpenLoopSource<>(new CountingContent(10), SCHEDULE, null);

    private static OpenLoopSplit split(int index, int splits, long next) {
        return new OpenLoopSplit(index, splits, next, SCHEDULE);
    }

    @Test
    void eachReaderGetsItsSequence() throws Exception {
        AssignedSplits context = new AssignedSplits(2);
        SplitEnumerator<OpenLoopSplit, List<OpenLoopSplit>> enumerator =
                source.createEnumerator(context);
        assertThat(enumerator.snapshotState(1)).containsExactly(split(0, 2, 0), split(1, 2, 1));
        enumerator.addReader(1);
        assertThat(enumerator.snapshotState(2)).containsExactly(split(0, 2, 0));
        enumerator.addReader(0);
        assertThat(enumerator.snapshotState(3)).isEmpty();
        assertThat(context.assigned.get(0)).containsExactly(split(0, 2, 0));
        assertThat(context.assigned.get(1)).containsExactly(split(1, 2, 1));
        assertThat(context.complete).containsExactly(1, 0);
    }

    @Test
    void restoredEnumeratorDealsOutNothingTwice() throws Exception {
        AssignedSplits context = new AssignedSplits(2);
        SplitEnumerator<OpenLoopSplit, List<OpenLoopSplit>> enumerator =
                source.restoreEnumerator(context, List.of());
        enumerator.addReader(0);
        assertThat(context.assigned).isEmpty();
        assertThat(context.complete).containsExactly(0);
    }

    @Test
    void splitsOfAFailedReaderGoToItsSuccessor() throws Exception {
        AssignedSplits context = new AssignedSplits(1);
        SplitEnumerator<OpenLoopSplit, List<OpenLoopSplit>> enumerator =
                source.restoreEnumerator(context, List.of());
        enumerator.addSplitsBack(List.of(split(2, 3, 8), split(1, 3, 4)), 0);
        enumerator.addReader(0);
        assertThat(context.assigned.get(0)).containsExactly(split(2, 3, 8), split(1, 3, 4));
    }
}
