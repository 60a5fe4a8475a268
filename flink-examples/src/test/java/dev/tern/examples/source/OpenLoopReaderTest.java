package dev.tern.examples.source;

import org.apache.flink.core.io.InputStatus;

import dev.tern.examples.measure.EpochMicros;
import dev.tern.examples.measure.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(20)
class OpenLoopReaderTest {

    /** Long past, so that everything is due. */
    private static final Schedule PAST = Schedule.steady(1000, 1000);

    private final CollectedOutput output = new CollectedOutput();

    private static OpenLoopReader<String> reader(long positions, OpenLoopSplit... splits) {
        OpenLoopReader<String> reader = new OpenLoopReader<>(new CountingContent(positions), null);
        reader.start();
        reader.addSplits(List.of(splits));
        reader.notifyNoMoreSplits();
        return reader;
    }

    private void drain(OpenLoopReader<String> reader) {
        while (reader.pollNext(output) == InputStatus.MORE_AVAILABLE) {
            assertThat(output.elements).hasSizeLessThan(1000);
        }
    }

    @Test
    void catchesUpWithDueTimesUnchangedAndEnds() {
        OpenLoopReader<String> reader = reader(3, new OpenLoopSplit(0, 1, 0, PAST));
        drain(reader);
        assertThat(output.elements).containsExactly("0@1000 on 0", "1@3000 on 0", "2@5000 on 0");
        assertThat(reader.pollNext(output)).isEqualTo(InputStatus.END_OF_INPUT);
        reader.close();
    }

    @Test
    void splitsInterleavePositions() {
        OpenLoopReader<String> odd = reader(5, new OpenLoopSplit(1, 2, 1, PAST));
        drain(odd);
        assertThat(output.elements).containsExactly("1@3000 on 1", "3@7000 on 1");
        output.elements.clear();
        OpenLoopReader<String> both =
                reader(4, new OpenLoopSplit(1, 2, 1, PAST), new OpenLoopSplit(0, 2, 2, PAST));
        drain(both);
        assertThat(output.elements).containsExactly("1@3000 on 1", "2@5000 on 0", "3@7000 on 1");
        odd.close();
        both.close();
    }

    @Test
    void restoredReaderGoesOnByTheOldSchedule() {
        OpenLoopReader<String> reader = reader(4, new OpenLoopSplit(0, 1, 0, PAST));
        reader.pollNext(output);
        List<OpenLoopSplit> state = reader.snapshotState(1);
        reader.close();
        output.elements.clear();
        OpenLoopReader<String> restored = reader(4, state.get(0));
        drain(restored);
        assertThat(output.elements).containsExactly("1@3000 on 0", "2@5000 on 0", "3@7000 on 0");
        assertThat(restored.snapshotState(2)).isEmpty();
        restored.close();
    }

    @Test
    void sleepsUntilTheNextElementIsDue() {
        long now = EpochMicros.now();
        // Element 0 is due at once, element 1 in 200 ms.
        OpenLoopReader<String> reader =
                reader(2, new OpenLoopSplit(0, 1, 0, Schedule.steady(now - 1, 10)));
        assertThat(reader.pollNext(output)).isEqualTo(InputStatus.MORE_AVAILABLE);
        assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        CompletableFuture<Void> available = reader.isAvailable();
        assertThat(available).isNotDone();
        available.join();
        assertThat(EpochMicros.now()).isGreaterThanOrEqualTo(now + 199_999);
        drain(reader);
        assertThat(output.elements).hasSize(2);
        reader.close();
    }

    @Test
    void waitsForSplitsAndTellsItsSchedule(@TempDir Path directory) throws Exception {
        OpenLoopReader<String> reader =
                new OpenLoopReader<>(new CountingContent(1), directory.toString());
        reader.start();
        assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        CompletableFuture<Void> available = reader.isAvailable();
        assertThat(available).isNotDone();
        reader.addSplits(List.of(new OpenLoopSplit(0, 1, 0, PAST)));
        assertThat(available).isDone();
        assertThat(Schedule.read(directory)).isEqualTo(PAST);
        drain(reader);
        assertThat(output.elements).hasSize(1);
        assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        assertThat(reader.isAvailable()).isNotDone();
        reader.close();
    }
}
