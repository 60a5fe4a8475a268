package dev.tern.streaming.network;

import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.io.network.api.CheckpointBarrier;
import org.apache.flink.runtime.io.network.api.StopMode;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.shuffle.ShuffleDescriptor;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.streaming.runtime.io.DataInputStatus;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A consumer that reads without a pause while the number of its producers changes, over real
 * partitions, gates and connections. Its first input can be one of two that are united.
 */
@Timeout(120)
class InputResizeTest {

    private final IntermediateDataSetID result = new IntermediateDataSetID();
    private final IntermediateDataSetID other = new IntermediateDataSetID();
    private final List<TestProducer> producers = new ArrayList<>();
    private final List<TestProducer> retired = new ArrayList<>();
    private final Tally tally = new Tally();
    private TestProducer constant;
    private TestConsumer consumer;
    private TestProcess producing;
    private TestProcess consuming;
    private int generations;

    @AfterEach
    void closeProcesses() {
        if (producing != null) {
            producing.close();
        }
        if (consuming != null) {
            consuming.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsLostWhileProducersComeAndGo(boolean remote) throws Exception {
        begin(remote, false, 2);
        comeAndGo();
        end(StopMode.DRAIN, DataInputStatus.END_OF_DATA);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsLostWhileProducersOfAUnionComeAndGo(boolean remote) throws Exception {
        begin(remote, true, 2);
        comeAndGo();
        end(StopMode.DRAIN, DataInputStatus.END_OF_DATA);
    }

    @Test
    void retiredProducersLeaveTheStopModeAlone() throws Exception {
        begin(false, false, 3);
        retireTo(1);
        end(StopMode.NO_DRAIN, DataInputStatus.STOPPED);
    }

    @Test
    void inputEndsIfARetiringProducerIsTheLastToSayGoodbye() throws Exception {
        begin(false, false, 3);
        moreRecords();
        TestProducer retiring = producers.remove(2);
        for (TestProducer producer : producers) {
            producer.endData(StopMode.DRAIN);
            producer.finish();
        }
        assertThat(consumer.call(() -> List.copyOf(consumer.endings))).isEmpty();

        retiring.retire();
        consumer.awaitEnd();
        retired.add(retiring);
        verify(DataInputStatus.END_OF_DATA);
    }

    @Test
    void checkpointsAlignOverLateChannelsAndWithoutRemovedOnes() throws Exception {
        begin(true, true, 2);
        checkpoint(1);
        growTo(4);
        checkpoint(2);
        retireTo(1);
        checkpoint(3);
        growTo(3);
        checkpoint(4);
        assertThat(consumer.call(() -> List.copyOf(consumer.checkpoints)))
                .containsExactly(1L, 2L, 3L, 4L);
        end(StopMode.DRAIN, DataInputStatus.END_OF_DATA);
    }

    @Test
    void lateChannelsComeLastAndRemovalClosesGaps() throws Exception {
        begin(false, true, 2);
        InputChannelInfo a0 = new InputChannelInfo(0, 0);
        InputChannelInfo a1 = new InputChannelInfo(0, 1);
        InputChannelInfo a2 = new InputChannelInfo(0, 2);
        InputChannelInfo b0 = new InputChannelInfo(1, 0);
        assertThat(consumer.channelsInOrder()).containsExactly(a0, a1, b0);

        growTo(3);
        assertThat(consumer.channelsInOrder()).containsExactly(a0, a1, b0, a2);
        assertThat(consumer.call(() -> consumer.input.checkpointedInputGate.getChannelInfos()))
                .as("the union numbers gate by gate")
                .containsExactly(a0, a1, a2, b0);

        retireTo(1);
        assertThat(consumer.channelsInOrder()).containsExactly(a0, b0);
        assertThat(consumer.call(() -> consumer.input.checkpointedInputGate.getChannelInfos()))
                .containsExactly(a0, b0);
        end(StopMode.DRAIN, DataInputStatus.END_OF_DATA);
    }

    @Test
    void retiredProducersNoLongerHoldTheWatermark() throws Exception {
        begin(false, false, 2);
        moreRecords();
        producers.get(1).stop();
        long held = consumer.call(() -> last(consumer.output.watermarks()));
        producers.get(0).awaitMore(5_000);

        retireTo(1);
        consumer.await(
                "the watermark advances",
                () -> last(consumer.output.watermarks()) > held + 4_000);
        end(StopMode.DRAIN, DataInputStatus.END_OF_DATA);
    }

    @Test
    void lateChannelsThatNeverWorkedAreGivenUp() throws Exception {
        begin(true, true, 2);
        for (int round = 0; round < 3; round++) {
            List<TestProducer> late = connectMore(2);
            moreRecords();
            consumer.call(
                    () -> {
                        consumer.resizer.abandon(result, 2);
                        return null;
                    });
            for (TestProducer producer : late) {
                producer.cancel();
            }
            moreRecords();
        }
        checkpoint(1);
        end(StopMode.DRAIN, DataInputStatus.END_OF_DATA);
    }

    @Test
    void growthWithoutBuffersChangesNothing() throws Exception {
        producing = new TestProcess(400);
        consuming = new TestProcess(2 * TestProcess.EXCLUSIVE + 2);
        start(false, 2);
        moreRecords();

        List<TestProducer> late = List.of(producer(2), producer(3));
        assertThatThrownBy(() -> connect(late))
                .isInstanceOf(NetworkResizeException.class)
                .hasMessageContaining("need 4 network buffers")
                .hasMessageContaining("taskmanager.memory.network.max");

        assertThat(consumer.call(() -> consumer.resizer.channels(result))).isEqualTo(2);
        for (TestProducer producer : late) {
            producer.cancel();
        }
        moreRecords();
        checkpoint(1);
        end(StopMode.DRAIN, DataInputStatus.END_OF_DATA);
    }

    @Test
    void channelsOfRunningProducersAreNotRemoved() throws Exception {
        begin(false, false, 2);

        assertThatThrownBy(() -> shrink(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Channel 1")
                .hasMessageContaining("has not ended");
        end(StopMode.DRAIN, DataInputStatus.END_OF_DATA);
    }

    @Test
    void channelsThatEndedWithoutAWordAreNotRemoved() throws Exception {
        begin(false, false, 2);
        TestProducer silent = producers.get(1);
        silent.stop();
        silent.call(
                () -> {
                    silent.partition.finish();
                    return null;
                });
        consumer.await("the channel has ended", () -> consumer.resizer.hasEnded(result, 1));

        assertThatThrownBy(() -> shrink(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without announcing its retirement");
        consumer.close();
        for (TestProducer producer : producers) {
            producer.close();
        }
    }

    private void comeAndGo() throws Exception {
        moreRecords();
        growTo(4);
        moreRecords();
        retireTo(2);
        moreRecords();
        growTo(4);
        retireTo(1);
        moreRecords();
        growTo(5);
        moreRecords();
        retireTo(3);
        moreRecords();
        assertThat(consumer.call(consumer.output::watermarks)).isSorted().doesNotHaveDuplicates();
        assertThat(consumer.call(consumer.output::all))
                .as("idleness of retired channels is not idleness of the input")
                .doesNotContain(WatermarkStatus.IDLE);
    }

    private void begin(boolean remote, boolean union, int initial) throws Exception {
        producing = new TestProcess(400);
        consuming = remote ? new TestProcess(400) : producing;
        start(union, initial);
    }

    private void start(boolean union, int initial) throws Exception {
        for (int i = 0; i < initial; i++) {
            producers.add(producer(i));
        }
        Map<IntermediateDataSetID, List<TestProducer>> inputs = new LinkedHashMap<>();
        inputs.put(result, producers);
        if (union) {
            constant = new TestProducer(producing, other, generations++, 1);
            inputs.put(other, List.of(constant));
            constant.start();
        }
        consumer = new TestConsumer(consuming, 0, inputs);
        for (TestProducer producer : producers) {
            producer.start();
        }
    }

    /** A producer with a number of its own, also if it takes the place of a retired one. */
    private TestProducer producer(int index) throws Exception {
        return new TestProducer(producing, result, index, generations++, 1);
    }

    private void growTo(int subtasks) throws Exception {
        for (TestProducer producer : connectMore(subtasks - producers.size())) {
            producers.add(producer);
            producer.start();
        }
    }

    private List<TestProducer> connectMore(int count) throws Exception {
        List<TestProducer> late = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            late.add(producer(producers.size() + i));
        }
        connect(late);
        return late;
    }

    private void connect(List<TestProducer> late) throws Exception {
        List<ShuffleDescriptor> descriptors = new ArrayList<>();
        late.forEach(producer -> descriptors.add(producer.descriptor()));
        List<InputChannelInfo> added =
                consumer.call(() -> consumer.resizer.grow(result, 0, descriptors));
        assertThat(added).hasSameSizeAs(late);
    }

    private void retireTo(int subtasks) throws Exception {
        while (producers.size() > subtasks) {
            TestProducer retiring = producers.remove(producers.size() - 1);
            retiring.retire();
            retired.add(retiring);
        }
        consumer.await(
                "retired producers have ended", () -> consumer.resizer.hasEnded(result, subtasks));
        shrink(subtasks);
        assertThat(consumer.call(() -> consumer.resizer.channels(result))).isEqualTo(subtasks);
    }

    private void shrink(int subtasks) throws Exception {
        consumer.call(
                () -> {
                    consumer.resizer.shrink(result, subtasks);
                    return null;
                });
    }

    /** What a barrier meets that was sent before its checkpoint was aborted. */
    @Test
    void barriersThatAbortedCheckpointsLeftBehindStopNothing() throws Exception {
        begin(true, true, 2);
        checkpoint(1);
        List<TestProducer> before = running();
        sendBarrier(2, before.subList(0, 1));
        consumer.await(
                "an alignment has begun",
                () -> consumer.barrierHandler.getLatestCheckpointId() == 2);
        consumer.call(
                () -> {
                    consumer.resizer.expectNoCheckpointUpTo(3);
                    return null;
                });
        growTo(4);
        sendBarrier(2, before.subList(1, before.size()));
        sendBarrier(3, before);
        moreRecords();
        checkpoint(4);
        assertThat(consumer.call(() -> List.copyOf(consumer.aborted))).containsExactly(3L);
        consumer.aborted.clear();
        end(StopMode.DRAIN, DataInputStatus.END_OF_DATA);
    }

    private void checkpoint(long id) throws Exception {
        sendBarrier(id, running());
        consumer.await("checkpoint " + id, () -> consumer.checkpoints.contains(id));
        moreRecords();
    }

    private static void sendBarrier(long id, List<TestProducer> senders) throws Exception {
        CheckpointBarrier barrier =
                new CheckpointBarrier(
                        id,
                        id,
                        CheckpointOptions.alignedNoTimeout(
                                CheckpointType.CHECKPOINT,
                                CheckpointStorageLocationReference.getDefault()));
        for (TestProducer producer : senders) {
            producer.call(
                    () -> {
                        producer.writer.broadcastEvent(barrier);
                        return null;
                    });
        }
    }

    private void moreRecords() throws Exception {
        for (TestProducer producer : running()) {
            producer.awaitMore(2_000);
        }
    }

    private List<TestProducer> running() {
        List<TestProducer> running = new ArrayList<>(producers);
        if (constant != null) {
            running.add(constant);
        }
        return running;
    }

    private void end(StopMode mode, DataInputStatus ending) throws Exception {
        for (TestProducer producer : running()) {
            producer.endData(mode);
        }
        for (TestProducer producer : running()) {
            producer.finish();
        }
        consumer.awaitEnd();
        verify(ending);
    }

    private void verify(DataInputStatus ending) throws Exception {
        assertThat(consumer.endings).containsExactly(ending, DataInputStatus.END_OF_INPUT);
        assertThat(consumer.barrierHandler.numOpenChannels).isZero();
        assertThat(consumer.aborted).isEmpty();
        tally.add(consumer.records());
        consumer.close();
        List<TestProducer> all = new ArrayList<>(retired);
        all.addAll(running());
        for (TestProducer producer : all) {
            tally.verify(producer.number(), producer.emittedPerKey());
            producer.close();
        }
        producing.awaitAllBuffersReturned();
        consuming.awaitAllBuffersReturned();
    }

    private static long last(List<Long> values) {
        return values.isEmpty() ? Long.MIN_VALUE : values.get(values.size() - 1);
    }
}
