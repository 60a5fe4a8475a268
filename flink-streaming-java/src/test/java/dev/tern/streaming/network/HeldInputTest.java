package dev.tern.streaming.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.checkpoint.channel.ChannelStateWriter;
import org.apache.flink.streaming.runtime.io.DataInputStatus;
import org.apache.flink.streaming.runtime.io.StreamTaskInput;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

class HeldInputTest {

    private final Script script = new Script();
    private final HeldInput<Integer> held = new HeldInput<>(script);

    @Test
    void recordsPassAndTheEndWaits() throws Exception {
        script.statuses.addAll(
                List.of(DataInputStatus.MORE_AVAILABLE, DataInputStatus.END_OF_DATA));
        assertThat(held.emitNext(null)).isEqualTo(DataInputStatus.MORE_AVAILABLE);
        assertThat(held.emitNext(null)).isEqualTo(DataInputStatus.NOTHING_AVAILABLE);
        assertThat(held.hasEndToTell()).isTrue();
        assertThat(held.getAvailableFuture()).isNotDone();
    }

    @Test
    void whatComesBehindTheLastRecordIsRead() throws Exception {
        script.statuses.addAll(
                List.of(
                        DataInputStatus.END_OF_DATA,
                        DataInputStatus.NOTHING_AVAILABLE,
                        DataInputStatus.END_OF_INPUT));
        held.emitNext(null);
        CompletableFuture<?> available = held.getAvailableFuture();
        script.available.complete(null);
        assertThat(available).isDone();
        assertThat(held.getAvailableFuture()).isDone();
        held.emitNext(null);
        assertThat(held.emitNext(null)).isEqualTo(DataInputStatus.NOTHING_AVAILABLE);
        assertThat(script.statuses).isEmpty();
        // An input that is over is available for ever, and must not keep the task busy.
        assertThat(held.getAvailableFuture()).isNotDone();
        assertThat(held.emitNext(null)).isEqualTo(DataInputStatus.NOTHING_AVAILABLE);

        held.release();
        assertThat(held.getAvailableFuture()).isDone();
        assertThat(held.emitNext(null)).isEqualTo(DataInputStatus.END_OF_DATA);
        assertThat(held.emitNext(null)).isEqualTo(DataInputStatus.END_OF_INPUT);
        assertThat(held.hasEndToTell()).isFalse();
    }

    @Test
    void aStopWaitsLikeAnyEnd() throws Exception {
        script.statuses.add(DataInputStatus.STOPPED);
        assertThat(held.emitNext(null)).isEqualTo(DataInputStatus.NOTHING_AVAILABLE);
        held.release();
        assertThat(held.emitNext(null)).isEqualTo(DataInputStatus.STOPPED);
    }

    @Test
    void theInputItselfIsFoundBehindEverything() {
        assertThat(HeldInput.behind(new HeldInput<>(held))).isSameAs(script);
        assertThat(HeldInput.behind(script)).isSameAs(script);
    }

    @Test
    void onceReleasedTheEndIsToldAndTheInputGoesOn() throws Exception {
        script.statuses.addAll(
                List.of(DataInputStatus.END_OF_DATA, DataInputStatus.END_OF_INPUT));
        held.emitNext(null);
        CompletableFuture<?> available = held.getAvailableFuture();
        held.release();
        assertThat(available).isDone();
        assertThat(held.emitNext(null)).isEqualTo(DataInputStatus.END_OF_DATA);
        assertThat(held.emitNext(null)).isEqualTo(DataInputStatus.END_OF_INPUT);
    }

    @Test
    void withoutAnEndThereIsNothingToTell() throws Exception {
        script.statuses.add(DataInputStatus.NOTHING_AVAILABLE);
        held.emitNext(null);
        held.release();
        assertThat(held.hasEndToTell()).isFalse();
        assertThat(held.input()).isSameAs(script);
        assertThat(held.getAvailableFuture()).isSameAs(script.available);
    }

    private static final class Script implements StreamTaskInput<Integer> {

        private final Deque<DataInputStatus> statuses = new ArrayDeque<>();
        private final CompletableFuture<Void> available = new CompletableFuture<>();

        @Override
        public DataInputStatus emitNext(DataOutput<Integer> output) {
            return statuses.remove();
        }

        @Override
        public CompletableFuture<?> getAvailableFuture() {
            return available;
        }

        @Override
        public int getInputIndex() {
            return 0;
        }

        @Override
        public CompletableFuture<Void> prepareSnapshot(
                ChannelStateWriter writer, long checkpointId) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
