package dev.tern.streaming.network;

import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.CheckpointMetaData;
import org.apache.flink.runtime.checkpoint.CheckpointMetricsBuilder;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.channel.ChannelStateWriter;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.io.disk.iomanager.IOManager;
import org.apache.flink.runtime.io.disk.iomanager.IOManagerAsync;
import org.apache.flink.runtime.io.network.partition.ResultPartitionType;
import org.apache.flink.runtime.io.network.partition.ResultSubpartitionIndexSet;
import org.apache.flink.runtime.io.network.partition.consumer.BufferOrEvent;
import org.apache.flink.runtime.io.network.partition.consumer.IndexedInputGate;
import org.apache.flink.runtime.io.network.partition.consumer.InputChannel;
import org.apache.flink.runtime.io.network.partition.consumer.InputGate;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGate;
import org.apache.flink.runtime.io.network.partition.consumer.UnionInputGate;
import org.apache.flink.runtime.io.network.partition.consumer.UnknownInputChannel;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.jobgraph.tasks.CheckpointableTask;
import org.apache.flink.runtime.mailbox.SyncMailboxExecutor;
import org.apache.flink.runtime.shuffle.ShuffleDescriptor;
import org.apache.flink.runtime.throughput.ThroughputCalculator;
import org.apache.flink.streaming.runtime.io.DataInputStatus;
import org.apache.flink.streaming.runtime.io.StreamInputProcessor;
import org.apache.flink.streaming.runtime.io.StreamOneInputProcessor;
import org.apache.flink.streaming.runtime.io.StreamTaskNetworkInput;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointBarrierHandler;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointedInputGate;
import org.apache.flink.streaming.runtime.io.checkpointing.SingleCheckpointBarrierHandler;
import org.apache.flink.streaming.runtime.io.checkpointing.UpstreamRecoveryTracker;
import org.apache.flink.streaming.runtime.watermarkstatus.StatusWatermarkValve;
import org.apache.flink.util.clock.SystemClock;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * The network input of one task, which reads one subpartition of every producer through one gate
 * or the union of several, with a thread that processes it.
 */
final class TestConsumer implements AutoCloseable {

    final RecordedOutput<Long> output = new RecordedOutput<>();
    final List<DataInputStatus> endings = new ArrayList<>();
    final List<Long> checkpoints = new ArrayList<>();
    final List<SingleInputGate> gates = new ArrayList<>();
    final InputResizer resizer;
    final SingleCheckpointBarrierHandler barrierHandler;
    final StreamTaskNetworkInput<Long> input;
    final StreamOneInputProcessor<Long> processor;

    final List<Long> aborted = new ArrayList<>();

    private final List<Integer> markers = new ArrayList<>();
    private final TestProcess process;
    private final IOManager ioManager = new IOManagerAsync();
    private final LateChannels lateChannels = new LateChannels();
    private final TestLoop loop;
    private boolean ended;

    /** Reads the producers of one or, in the order of the map, of several results. */
    TestConsumer(
            TestProcess process,
            int subpartition,
            Map<IntermediateDataSetID, List<TestProducer>> producersOfResult)
            throws Exception {
        this.process = process;
        for (IntermediateDataSetID result : producersOfResult.keySet()) {
            gates.add(connect(gates.size(), result, subpartition, producersOfResult.get(result)));
        }
        InputGate gate =
                gates.size() == 1
                        ? gates.get(0)
                        : new UnionInputGate(gates.toArray(new IndexedInputGate[0]));
        barrierHandler =
                SingleCheckpointBarrierHandler.aligned(
                        "consumer " + subpartition,
                        new Checkpoints(),
                        SystemClock.getInstance(),
                        gate.getNumberOfInputChannels(),
                        (callable, delay) -> () -> {},
                        true,
                        gates.toArray(new SingleInputGate[0]));
        CheckpointedInputGate checkpointed = new ObservedGate(gate);
        input =
                new StreamTaskNetworkInput<>(
                        checkpointed,
                        LongSerializer.INSTANCE,
                        ioManager,
                        new StatusWatermarkValve(checkpointed),
                        0,
                        () -> false);
        processor = new StreamOneInputProcessor<>(input, output, inputId -> {});
        resizer = new InputResizer(new Inputs(subpartition), lateChannels);
        loop = new TestLoop("consumer " + subpartition, this::step);
    }

    /** Runs a command between two records. */
    <V> V call(Callable<V> command) throws Exception {
        return loop.call(command);
    }

    void await(String what, Callable<Boolean> question) throws Exception {
        loop.await(what, question);
    }

    void awaitMarkers(int epoch, int channels) throws Exception {
        await(
                channels + " markers of epoch " + epoch,
                () -> markers.stream().filter(seen -> seen == epoch).count() == channels);
    }

    void awaitEnd() throws Exception {
        await("end of input", () -> ended);
    }

    List<Long> records() throws Exception {
        return call(output::records);
    }

    /** Leaves, as a task does that has finished. */
    @Override
    public void close() throws Exception {
        loop.close();
        processor.close();
        for (SingleInputGate gate : gates) {
            gate.close();
        }
        ioManager.close();
    }

    private CompletableFuture<?> step() throws Exception {
        if (ended) {
            return TestLoop.NEVER;
        }
        DataInputStatus status = processor.processInput();
        switch (status) {
            case NOTHING_AVAILABLE:
                return processor.getAvailableFuture();
            case END_OF_DATA:
            case STOPPED:
                endings.add(status);
                return TestLoop.NOW;
            case END_OF_INPUT:
                endings.add(status);
                ended = true;
                return TestLoop.NEVER;
            default:
                return TestLoop.NOW;
        }
    }

    private SingleInputGate connect(
            int gateIndex,
            IntermediateDataSetID result,
            int subpartition,
            List<TestProducer> producers)
            throws Exception {
        SingleInputGate gate =
                new SingleInputGate(
                        "consumer " + subpartition,
                        gateIndex,
                        result,
                        ResultPartitionType.PIPELINED_BOUNDED,
                        producers.size(),
                        (dataSet, partition, response) -> {},
                        () ->
                                process.shuffle
                                        .getNetworkBufferPool()
                                        .createBufferPool(1, TestProcess.FLOATING),
                        null,
                        process.shuffle.getNetworkBufferPool(),
                        TestProcess.BUFFER_BYTES,
                        new ThroughputCalculator(SystemClock.getInstance()),
                        null);
        GateFactoryRegistry.remember(gate, process.gateFactory, process.metrics);
        InputChannel[] channels = new InputChannel[producers.size()];
        for (int i = 0; i < channels.length; i++) {
            channels[i] = unknownChannel(gate, i, subpartition, producers.get(i).descriptor());
        }
        gate.setInputChannels(channels);
        gate.setup();
        gate.requestPartitions();
        for (TestProducer producer : producers) {
            gate.updateInputChannel(process.id, producer.descriptor());
        }
        return gate;
    }

    private UnknownInputChannel unknownChannel(
            SingleInputGate gate, int index, int subpartition, ShuffleDescriptor producer) {
        return new UnknownInputChannel(
                gate,
                index,
                producer.getResultPartitionID(),
                new ResultSubpartitionIndexSet(subpartition),
                process.shuffle.getResultPartitionManager(),
                process.gateFactory.taskEventPublisher,
                process.shuffle.getConnectionManager(),
                0,
                0,
                0,
                TestProcess.EXCLUSIVE,
                process.metrics);
    }

    /** Shows events to the late channels and keeps markers, as the hook of the runtime does. */
    private final class ObservedGate extends CheckpointedInputGate {

        ObservedGate(InputGate gate) {
            super(
                    gate,
                    barrierHandler,
                    new SyncMailboxExecutor(),
                    UpstreamRecoveryTracker.forInputGate(gate));
        }

        @Override
        public Optional<BufferOrEvent> pollNext() throws IOException, InterruptedException {
            Optional<BufferOrEvent> next = super.pollNext();
            if (next.isPresent() && next.get().isEvent()) {
                lateChannels.onEvent(this, next.get());
                if (next.get().getEvent() instanceof TestMarker) {
                    markers.add(((TestMarker) next.get().getEvent()).epoch());
                }
            }
            return next;
        }
    }

    private final class Inputs implements TaskInputs {

        private final int subtask;

        Inputs(int subtask) {
            this.subtask = subtask;
        }

        @Override
        public String name() {
            return "consumer " + subtask;
        }

        @Override
        public StreamInputProcessor processor() {
            return processor;
        }

        @Override
        public CheckpointBarrierHandler barrierHandler() {
            return barrierHandler;
        }

        @Override
        public ChannelStateWriter channelStateWriter() {
            return ChannelStateWriter.NO_OP;
        }

        @Override
        public String[] spillDirectories() {
            return ioManager.getSpillingDirectoriesPaths();
        }
    }

    private final class Checkpoints implements CheckpointableTask {

        @Override
        public void triggerCheckpointOnBarrier(
                CheckpointMetaData metaData,
                CheckpointOptions options,
                CheckpointMetricsBuilder metrics) {
            checkpoints.add(metaData.getCheckpointId());
        }

        @Override
        public CompletableFuture<Boolean> triggerCheckpointAsync(
                CheckpointMetaData metaData, CheckpointOptions options) {
            throw new UnsupportedOperationException("not a source");
        }

        @Override
        public Future<Void> notifyCheckpointCompleteAsync(long checkpointId) {
            throw new UnsupportedOperationException("nobody completes checkpoints here");
        }

        @Override
        public Future<Void> notifyCheckpointAbortAsync(long checkpointId, long latestCompleted) {
            throw new UnsupportedOperationException("nobody aborts checkpoints here");
        }

        @Override
        public Future<Void> notifyCheckpointSubsumedAsync(long checkpointId) {
            throw new UnsupportedOperationException("nobody subsumes checkpoints here");
        }

        @Override
        public void abortCheckpointOnBarrier(long checkpointId, CheckpointException cause) {
            aborted.add(checkpointId);
        }
    }

    /** Channels of the union or of the only gate, in the order of their numbers in the input. */
    List<InputChannelInfo> channelsInOrder() throws Exception {
        return call(
                () -> {
                    List<InputChannelInfo> channels =
                            new ArrayList<>(input.flattenedChannelIndices.keySet());
                    channels.sort(Comparator.comparing(input.flattenedChannelIndices::get));
                    return channels;
                });
    }
}
