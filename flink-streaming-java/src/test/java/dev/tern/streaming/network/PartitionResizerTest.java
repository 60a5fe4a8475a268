package dev.tern.streaming.network;

import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.channel.RecordingChannelStateWriter;
import org.apache.flink.runtime.checkpoint.channel.ResultSubpartitionInfo;
import org.apache.flink.runtime.io.network.api.CheckpointBarrier;
import org.apache.flink.runtime.io.network.api.EndOfData;
import org.apache.flink.runtime.io.network.api.StopMode;
import org.apache.flink.runtime.io.network.api.serialization.EventSerializer;
import org.apache.flink.runtime.io.network.api.serialization.RecordDeserializer;
import org.apache.flink.runtime.io.network.api.serialization.SpillingAdaptiveSpanningRecordDeserializer;
import org.apache.flink.runtime.io.network.api.writer.RecordWriter;
import org.apache.flink.runtime.io.network.api.writer.RecordWriterBuilder;
import org.apache.flink.runtime.io.network.buffer.Buffer;
import org.apache.flink.runtime.io.network.buffer.BufferPool;
import org.apache.flink.runtime.io.network.partition.PipelinedResultPartition;
import org.apache.flink.runtime.io.network.partition.ResultPartitionID;
import org.apache.flink.runtime.io.network.partition.ResultSubpartition.BufferAndBacklog;
import org.apache.flink.runtime.io.network.partition.ResultSubpartitionIndexSet;
import org.apache.flink.runtime.io.network.partition.ResultSubpartitionView;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.metrics.groups.TaskIOMetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.apache.flink.runtime.plugable.DeserializationDelegate;
import org.apache.flink.runtime.plugable.NonReusingDeserializationDelegate;
import org.apache.flink.runtime.plugable.SerializationDelegate;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.io.RecordWriterOutput;
import org.apache.flink.streaming.runtime.partitioner.KeyGroupStreamPartitioner;
import org.apache.flink.streaming.runtime.streamrecord.StreamElement;
import org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The books of one output, step by step, with readers that the test drives by hand. */
class PartitionResizerTest {

    private static final int KEY_GROUPS = 8;

    @TempDir private Path directory;

    private final IntermediateDataSetID result = new IntermediateDataSetID();
    private final RecordingChannelStateWriter channelState = new RecordingChannelStateWriter();
    private final TaskIOMetricGroup metrics =
            UnregisteredMetricGroups.createUnregisteredTaskMetricGroup().getIOMetricGroup();
    private final List<Reader> readers = new ArrayList<>();
    private TestProcess process;
    private PipelinedResultPartition partition;
    private RecordWriter<SerializationDelegate<StreamRecord<Long>>> writer;
    private RecordWriterOutput<Long> stream;
    private ResizableOutput output;

    @BeforeEach
    void open() throws Exception {
        process = new TestProcess(40);
        partition = process.partition(new ResultPartitionID(), 2);
        partition.setChannelStateWriter(channelState);
        writer =
                new RecordWriterBuilder<SerializationDelegate<StreamRecord<Long>>>()
                        .setChannelSelector(
                                new KeyGroupStreamPartitioner<>(value -> value, KEY_GROUPS))
                        .setTimeout(-1)
                        .build(partition);
        writer.setMetricGroup(metrics);
        stream = new RecordWriterOutput<>(writer, LongSerializer.INSTANCE, null, true);
        output =
                new ResizableOutput(
                        result,
                        writer,
                        partition,
                        new PartitionResizer(partition, channelState, metrics),
                        List.of(stream));
    }

    @AfterEach
    void everyBufferComesBack() throws Exception {
        for (Reader reader : readers) {
            reader.leave();
        }
        writer.close();
        partition.close();
        process.shuffle.getResultPartitionManager().releasePartition(
                partition.getPartitionId(), null);
        channelState.reset();
        process.awaitAllBuffersReturned();
        process.close();
    }

    @Test
    void newSubpartitionsHearTheLastWatermarkBeforeAnyRecord() throws Exception {
        stream.emitWatermark(new Watermark(5));
        stream.emitWatermark(new Watermark(7));
        output.grow(4);
        stream.emitWatermark(new Watermark(9));

        output.setRoutes(everythingTo(3), 4);
        stream.collect(new StreamRecord<>(42L));
        writer.flushAll();

        assertThat(read(2)).containsExactly(new Watermark(9));
        assertThat(read(3)).containsExactly(new Watermark(9), new StreamRecord<>(42L));
        assertThat(read(0))
                .containsExactly(new Watermark(5), new Watermark(7), new Watermark(9));
    }

    @Test
    void newSubpartitionsOfAnIdleOutputHearTheWatermarkFirst() throws Exception {
        stream.emitWatermark(new Watermark(7));
        stream.emitWatermarkStatus(WatermarkStatus.IDLE);
        output.grow(3);
        output.prime();
        stream.emitWatermarkStatus(WatermarkStatus.ACTIVE);
        writer.flushAll();

        assertThat(read(2))
                .containsExactly(
                        new Watermark(7), WatermarkStatus.IDLE, WatermarkStatus.ACTIVE);
    }

    @Test
    void newSubpartitionsOfAnOutputWithoutWatermarksHearNothing() throws Exception {
        output.grow(3);
        output.prime();
        writer.flushAll();

        assertThat(read(2)).isEmpty();
    }

    @Test
    void nothingButEventsReachesSubpartitionsThatNobodyReadsYet() throws Exception {
        output.grow(3);
        for (int i = 0; i < 10_000; i++) {
            stream.emitWatermark(new Watermark(i));
            read(0);
            read(1);
        }
        writer.broadcastEvent(new TestMarker(1));

        assertThat(partition.getNumberOfQueuedBuffers(2)).as("only the marker").isEqualTo(1);
    }

    @Test
    void primingTwiceSaysNothingTwice() throws Exception {
        stream.emitWatermark(new Watermark(7));
        output.grow(3);
        output.prime();
        output.prime();
        output.setRoutes(everythingTo(0), 3);
        writer.flushAll();

        assertThat(read(2)).containsExactly(new Watermark(7));
    }

    @Test
    void retiringSubtasksReceiveTheMarkerAndNoWatermarkAfterIt() throws Exception {
        output.setRoutes(everythingTo(0), 1);
        stream.emitWatermark(new Watermark(1));
        output.broadcastMarker(new TestMarker(8));
        output.limitBroadcasts(1);
        stream.emitWatermark(new Watermark(2));
        writer.flushAll();

        assertThat(read(1)).containsExactly(new Watermark(1), "marker 8");
        assertThat(read(0)).containsExactly(new Watermark(1), "marker 8", new Watermark(2));
    }

    @Test
    void unalignedCheckpointsSeeNewSubpartitions() throws Exception {
        output.grow(3);
        output.setRoutes(everythingTo(2), 3);
        stream.collect(new StreamRecord<>(1L));
        CheckpointOptions unaligned =
                CheckpointOptions.unaligned(
                        CheckpointType.CHECKPOINT, CheckpointStorageLocationReference.getDefault());
        channelState.start(1, unaligned);
        writer.broadcastEvent(new CheckpointBarrier(1, 1, unaligned), true);

        assertThat(channelState.getAddedOutput().keySet())
                .containsExactly(new ResultSubpartitionInfo(partition.getPartitionIndex(), 2));
    }

    @Test
    void usersAreCountedThroughEveryTurn() throws Exception {
        reader(0);
        reader(1);
        assertThat(partition.numberOfUsers).isEqualTo(3);
        for (int round = 0; round < 3; round++) {
            output.grow(4);
            assertThat(partition.numberOfUsers).isEqualTo(5);
            Reader third = reader(2);
            Reader fourth = reader(3);
            output.setRoutes(everythingTo(0), 2);

            third.leave();
            assertThat(output.isConsumed(2)).isFalse();
            fourth.leave();
            assertThat(output.isConsumed(2)).isTrue();
            output.shrink(2);
            assertThat(partition.numberOfUsers).isEqualTo(3);
            third.leave();
            assertThat(partition.numberOfUsers).as("a second farewell").isEqualTo(3);
        }
        assertThat(partition.getBufferPool().isDestroyed()).isFalse();
        assertThat(process.shuffle.getNetworkBufferPool().getNumberOfRegisteredBufferPools())
                .isEqualTo(1);
    }

    @Test
    void subpartitionsStayWhileSomebodyReadsThem() throws Exception {
        output.grow(4);
        reader(3);

        assertThatThrownBy(() -> output.shrink(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot shrink to 2");
        assertThat(output.subpartitions()).isEqualTo(4);
        assertThat(partition.numberOfUsers).isEqualTo(5);
    }

    @Test
    void subpartitionsStayWhileRecordsAreRoutedToThem() throws Exception {
        output.grow(4);
        output.setRoutes(everythingTo(0), 4);

        assertThatThrownBy(() -> output.shrink(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("routed to 4 subtasks");
    }

    @Test
    void anOutputThatHasEndedDoesNotGrow() throws Exception {
        partition.notifyEndOfData(StopMode.DRAIN);

        assertThatThrownBy(() -> output.grow(4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has ended");
    }

    @Test
    void theEndIsCompleteOnceOnlyRetiredSubtasksAreMissing() throws Exception {
        Reader first = reader(0);
        Reader second = reader(1);
        output.setRoutes(everythingTo(0), 1);
        partition.notifyEndOfData(StopMode.DRAIN);
        first.view.acknowledgeAllDataProcessed();
        assertThat(partition.getAllDataProcessedFuture()).isNotDone();

        second.leave();
        output.shrink(1);

        assertThat(partition.getAllDataProcessedFuture()).isDone();
    }

    @Test
    void growthWithoutBuffersChangesNothing() throws Exception {
        BufferPool pool = partition.getBufferPool();
        BufferPool neighbour =
                process.shuffle.getNetworkBufferPool().createBufferPool(36, 36);

        assertThatThrownBy(() -> output.grow(4))
                .isInstanceOf(NetworkResizeException.class)
                .hasMessageContaining("needs 5 network buffers");

        assertThat(output.subpartitions()).isEqualTo(2);
        assertThat(partition.numberOfUsers).isEqualTo(3);
        assertThat(partition.getBufferPool()).isSameAs(pool);
        stream.collect(new StreamRecord<>(1L));
        writer.flushAll();
        assertThat(read(0).size() + read(1).size()).isEqualTo(1);
        neighbour.lazyDestroy();
        output.grow(4);
        assertThat(output.subpartitions()).isEqualTo(4);
    }

    @Test
    void bytesAreCountedForEachSubpartition() throws Exception {
        output.grow(3);
        output.setRoutes(everythingTo(2), 3);
        for (long i = 0; i < 200; i++) {
            stream.collect(new StreamRecord<>(i));
            read(2);
        }
        writer.broadcastEvent(new TestMarker(1));
        read(0);
        read(1);
        read(2);
        assertThat(partition.getSizeOfQueuedBuffersUnsafe()).isZero();
        assertThat(counted()).hasSize(3).satisfies(bytes -> assertThat(bytes[2]).isPositive());

        readers.get(2).leave();
        output.setRoutes(everythingTo(0), 2);
        output.shrink(2);

        assertThat(counted()).hasSize(2);
        assertThat(partition.getSizeOfQueuedBuffersUnsafe())
                .as("what the removed subpartition has sent is not queued")
                .isZero();
    }

    @Test
    void farewellEndsTheDataWithoutADecisionToStop() throws Exception {
        output.announceRetirement();

        assertThat(read(0)).containsExactly(WatermarkStatus.IDLE, "end of data DRAIN");
        assertThat(read(1)).containsExactly(WatermarkStatus.IDLE, "end of data DRAIN");
    }

    private long[] counted() {
        return metrics.createSnapshot()
                .getResultPartitionBytes()
                .get(partition.getPartitionId().getPartitionId())
                .getSubpartitionBytes();
    }

    private static int[] everythingTo(int owner) {
        return IntStream.range(0, KEY_GROUPS).map(group -> owner).toArray();
    }

    private List<Object> read(int subpartition) throws Exception {
        for (Reader reader : readers) {
            if (reader.subpartition == subpartition && !reader.view.isReleased()) {
                return reader.read();
            }
        }
        while (readers.size() < subpartition) {
            reader(readers.size());
        }
        return reader(subpartition).read();
    }

    private Reader reader(int subpartition) throws Exception {
        Reader reader = new Reader(subpartition);
        readers.add(reader);
        return reader;
    }

    /** Reads one subpartition and turns what it finds into elements and names of events. */
    private final class Reader {

        private final int subpartition;
        private final ResultSubpartitionView view;
        private final SpillingAdaptiveSpanningRecordDeserializer<
                        DeserializationDelegate<StreamElement>>
                deserializer;

        Reader(int subpartition) throws Exception {
            this.subpartition = subpartition;
            view =
                    process.shuffle
                            .getResultPartitionManager()
                            .createSubpartitionView(
                                    partition.getPartitionId(),
                                    new ResultSubpartitionIndexSet(subpartition),
                                    ignored -> {});
            deserializer =
                    new SpillingAdaptiveSpanningRecordDeserializer<>(
                            new String[] {directory.toString()});
        }

        List<Object> read() throws Exception {
            List<Object> found = new ArrayList<>();
            for (BufferAndBacklog next = view.getNextBuffer();
                    next != null;
                    next = view.getNextBuffer()) {
                Buffer buffer = next.buffer();
                if (buffer.isBuffer()) {
                    deserializer.setNextBuffer(buffer);
                    readRecords(found);
                } else {
                    found.add(name(buffer));
                    buffer.recycleBuffer();
                }
            }
            return found;
        }

        void leave() throws IOException {
            deserializer.clear();
            view.releaseAllResources();
        }

        private void readRecords(List<Object> found) throws Exception {
            DeserializationDelegate<StreamElement> delegate =
                    new NonReusingDeserializationDelegate<>(
                            new StreamElementSerializer<>(LongSerializer.INSTANCE));
            RecordDeserializer.DeserializationResult outcome;
            do {
                outcome = deserializer.getNextRecord(delegate);
                if (outcome.isFullRecord()) {
                    found.add(delegate.getInstance());
                }
            } while (!outcome.isBufferConsumed());
        }

        private String name(Buffer event) throws Exception {
            Object read = EventSerializer.fromBuffer(event, getClass().getClassLoader());
            if (read instanceof TestMarker) {
                return "marker " + ((TestMarker) read).epoch();
            }
            return "end of data " + ((EndOfData) read).getStopMode();
        }
    }
}
