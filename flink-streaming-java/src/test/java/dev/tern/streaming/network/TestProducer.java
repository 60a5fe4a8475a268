package dev.tern.streaming.network;

import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.checkpoint.channel.ChannelStateWriter;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.io.network.api.StopMode;
import org.apache.flink.runtime.io.network.api.writer.RecordWriter;
import org.apache.flink.runtime.io.network.api.writer.RecordWriterBuilder;
import org.apache.flink.runtime.io.network.partition.PipelinedResultPartition;
import org.apache.flink.runtime.io.network.partition.ResultPartitionID;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.jobgraph.IntermediateResultPartitionID;
import org.apache.flink.runtime.metrics.groups.TaskIOMetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.apache.flink.runtime.plugable.SerializationDelegate;
import org.apache.flink.runtime.shuffle.NettyShuffleDescriptor;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.io.RecordWriterOutput;
import org.apache.flink.streaming.runtime.partitioner.BroadcastPartitioner;
import org.apache.flink.streaming.runtime.partitioner.KeyGroupStreamPartitioner;
import org.apache.flink.streaming.runtime.partitioner.StreamPartitioner;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * A keyed output of one task with a thread that writes records, numbered for each key, and
 * watermarks as fast as the network takes them.
 */
final class TestProducer implements AutoCloseable {

    static final int KEY_GROUPS = 32;
    static final int KEYS = 61;
    private static final int BURST = 20;
    private static final int RECORDS_PER_WATERMARK = 50;

    final PipelinedResultPartition partition;
    final ResizableOutput output;
    final RecordWriterOutput<Long> stream;
    final RecordWriter<SerializationDelegate<StreamRecord<Long>>> writer;
    final TaskIOMetricGroup metrics =
            UnregisteredMetricGroups.createUnregisteredTaskMetricGroup().getIOMetricGroup();

    private final TestProcess process;
    private final int number;
    private final long[] emitted = new long[KEYS];
    private final TestLoop loop;
    private long total;
    private boolean emitting;

    TestProducer(TestProcess process, IntermediateDataSetID result, int index, int subpartitions)
            throws Exception {
        this(process, result, index, index, subpartitions);
    }

    /** A producer whose records carry a number of its own, whatever its index. */
    TestProducer(
            TestProcess process,
            IntermediateDataSetID result,
            int index,
            int number,
            int subpartitions)
            throws Exception {
        this(process, result, index, number, subpartitions, true);
    }

    /** A producer whose records all go to every consumer. */
    static TestProducer broadcasting(
            TestProcess process, IntermediateDataSetID result, int index, int subpartitions)
            throws Exception {
        return new TestProducer(
                process, result, index, index, subpartitions, true, new BroadcastPartitioner<>());
    }

    /** A producer that may still be recovering. */
    TestProducer(
            TestProcess process,
            IntermediateDataSetID result,
            int index,
            int number,
            int subpartitions,
            boolean recovered)
            throws Exception {
        this(
                process,
                result,
                index,
                number,
                subpartitions,
                recovered,
                new KeyGroupStreamPartitioner<>(TestProducer::keyOf, KEY_GROUPS));
    }

    private TestProducer(
            TestProcess process,
            IntermediateDataSetID result,
            int index,
            int number,
            int subpartitions,
            boolean recovered,
            StreamPartitioner<Long> partitioner)
            throws Exception {
        this.process = process;
        this.number = number;
        ResultPartitionID id =
                new ResultPartitionID(
                        new IntermediateResultPartitionID(result, index),
                        ExecutionAttemptID.randomId());
        partition = process.partition(id, subpartitions);
        partition.setChannelStateWriter(ChannelStateWriter.NO_OP);
        if (recovered) {
            partition.finishReadRecoveredState(true);
        }
        writer =
                new RecordWriterBuilder<SerializationDelegate<StreamRecord<Long>>>()
                        .setChannelSelector(partitioner)
                        .setTimeout(1)
                        .setTaskName("producer " + index)
                        .build(partition);
        writer.setMetricGroup(metrics);
        stream = new RecordWriterOutput<>(writer, LongSerializer.INSTANCE, null, true);
        output =
                new ResizableOutput(
                        result,
                        writer,
                        partition,
                        new PartitionResizer(partition, ChannelStateWriter.NO_OP, metrics),
                        List.of(stream));
        loop = new TestLoop("producer " + number, this::step);
    }

    static long keyOf(long record) {
        return record >>> 32 & 0xffff;
    }

    static long numberOf(long record) {
        return record & 0xffffffffL;
    }

    int number() {
        return number;
    }

    NettyShuffleDescriptor descriptor() {
        return process.descriptor(partition.getPartitionId());
    }

    /** Runs a command between two records. */
    <V> V call(Callable<V> command) throws Exception {
        return loop.call(command);
    }

    void await(String what, Callable<Boolean> question) throws Exception {
        loop.await(what, question);
    }

    void start() throws Exception {
        call(() -> emitting = true);
    }

    void stop() throws Exception {
        call(() -> emitting = false);
    }

    /** Lets so many more records go by. */
    void awaitMore(long records) throws Exception {
        long target = call(() -> total) + records;
        await(records + " more records", () -> total >= target);
    }

    /** Records emitted so far; to be asked between two records. */
    long emitted() {
        return total;
    }

    /** Records emitted so far for each key. Only while the producer stands still or has ended. */
    long[] emittedPerKey() throws Exception {
        return call(emitted::clone);
    }

    /** Tells that there are no more records, as a task does whose input has ended. */
    void endData(StopMode mode) throws Exception {
        call(
                () -> {
                    emitting = false;
                    partition.notifyEndOfData(mode);
                    return null;
                });
    }

    /** Ends once all consumers have processed everything, as a task does. */
    void finish() throws Exception {
        await(
                "consumers have processed everything",
                () -> partition.getAllDataProcessedFuture().isDone());
        call(
                () -> {
                    partition.finish();
                    return null;
                });
    }

    /** Ends as a task does that is retired. */
    void retire() throws Exception {
        call(
                () -> {
                    emitting = false;
                    output.announceRetirement();
                    partition.finish();
                    return null;
                });
    }

    /** Ends as a task does that is cancelled. */
    void cancel() throws Exception {
        stop();
        partition.fail(null);
        close();
    }

    @Override
    public void close() throws Exception {
        loop.close();
        writer.close();
        partition.close();
    }

    private CompletableFuture<?> step() throws Exception {
        if (!emitting) {
            return TestLoop.NEVER;
        }
        if (!writer.isAvailable()) {
            return writer.getAvailableFuture();
        }
        for (int i = 0; i < BURST; i++) {
            emitOne();
        }
        return TestLoop.NOW;
    }

    void emitOne() {
        long key = total++ % KEYS;
        long next = emitted[(int) key]++;
        stream.collect(new StreamRecord<>((long) number << 48 | key << 32 | next));
        if (total % RECORDS_PER_WATERMARK == 0) {
            stream.emitWatermark(new Watermark(total));
        }
    }
}
