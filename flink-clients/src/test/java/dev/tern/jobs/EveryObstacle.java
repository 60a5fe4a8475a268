package dev.tern.jobs;

import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.async.AsyncFunction;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.util.Collector;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Jobs that are never run: each has one thing that stands against a live rescale, or none. Tests find
 * the lines by the comments at their ends.
 */
public final class EveryObstacle {

    private EveryObstacle() {}

    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        switch (args[0]) {
            case "throws" -> throw new IllegalStateException("Nothing works.\nNot even this.");
            case "refuses" -> throw new ProgramParametrizationException("Say what to read.");
            case "returns" -> {
                System.out.println("usage: none");
                return;
            }
            default -> build(env, args[0]);
        }
        try {
            env.execute("EveryObstacle " + args[0]);
        } catch (Throwable caught) {
            // As careless programs do.
            if (!args[0].equals("catches")) {
                throw caught;
            }
        }
    }

    private static void build(StreamExecutionEnvironment env, String kind) {
        KeyedStream<Long, Long> byKey =
                env.fromSequence(1, 1L << 40) // SOURCE
                        .keyBy(number -> number % 97);
        switch (kind) {
            case "raw" ->
                    byKey.transform("RAW", Types.LONG, new RawOperator()) // RAW
                            .sinkTo(new DiscardingSink<>());
            case "pairs" ->
                    byKey.map(number -> number)
                            .name("FIRST")
                            .rebalance()
                            .map(number -> number)
                            .name("SPREAD")
                            .broadcast()
                            .map(number -> number) // KEYLESS
                            .name("KEYLESS")
                            .sinkTo(new DiscardingSink<>());
            case "reinterpret" ->
                    DataStreamUtils.reinterpretAsKeyedStream(
                                    env.fromSequence(1, 1L << 40)
                                            .rebalance()
                                            .map(number -> number) // SPREAD
                                            .name("SPREAD"),
                                    number -> number % 97)
                            .process(new Plain())
                            .sinkTo(new DiscardingSink<>());
            default -> build(byKey, kind);
        }
    }

    private static void build(KeyedStream<Long, Long> byKey, String kind) {
        if (kind.equals("broadcast")) {
            byKey.connect(
                            byKey.getExecutionEnvironment()
                                    .fromData(1L) // RULES
                                    .broadcast(
                                            new MapStateDescriptor<>(
                                                    "rules", Types.LONG, Types.LONG)))
                    .process(new Ruled()) // RULED
                    .name("RULED")
                    .sinkTo(new DiscardingSink<>());
            return;
        }
        SingleOutputStreamOperator<Long> keyed =
                byKey.process(kind.equals("list") ? new Listing() : new Plain()) // KEYED
                        .name("KEYED");
        DataStream<Long> last =
                switch (kind) {
                    case "forward" ->
                            keyed.forward()
                                    .map(number -> number) // MAPPED
                                    .name("MAPPED")
                                    .startNewChain();
                    case "rescale" ->
                            keyed.rescale()
                                    .map(number -> number) // RESCALED
                                    .name("RESCALED")
                                    .setParallelism(3);
                    case "async" ->
                            AsyncDataStream.unorderedWait( // ASYNC
                                    keyed, new Echo(), 1, TimeUnit.SECONDS);
                    default -> keyed;
                };
        Sink<Long> sink = kind.equals("commit") ? new Committing() : new DiscardingSink<>();
        last.sinkTo(sink); // SINK
    }

    private static class Plain extends KeyedProcessFunction<Long, Long, Long> {

        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(Long number, Context context, Collector<Long> out) {
            out.collect(number);
        }
    }

    private static final class Listing extends Plain implements CheckpointedFunction {

        private static final long serialVersionUID = 1L;

        @Override
        public void snapshotState(FunctionSnapshotContext context) {}

        @Override
        public void initializeState(FunctionInitializationContext context) {}
    }

    private static final class Ruled
            extends KeyedBroadcastProcessFunction<
                    Long, Long, Long, Long> {

        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(Long number, ReadOnlyContext context, Collector<Long> out) {
            out.collect(number);
        }

        @Override
        public void processBroadcastElement(Long rule, Context context, Collector<Long> out) {}
    }

    /** Keeps keyed state that only it can read. */
    private static final class RawOperator extends KeyedProcessOperator<Long, Long, Long> {

        private static final long serialVersionUID = 1L;

        private RawOperator() {
            super(new Plain());
        }

        @Override
        protected boolean isUsingCustomRawKeyedState() {
            return true;
        }
    }

    private static final class Echo implements AsyncFunction<Long, Long> {

        private static final long serialVersionUID = 1L;

        @Override
        public void asyncInvoke(Long number, ResultFuture<Long> result) {
            result.complete(List.of(number));
        }
    }

    /** Commits nothing. */
    private static final class Committing implements Sink<Long>, SupportsCommitter<Long> {

        private static final long serialVersionUID = 1L;

        @Override
        public CommittingSinkWriter<Long, Long> createWriter(WriterInitContext context) {
            throw new UnsupportedOperationException("The job does not run");
        }

        @Override
        public Committer<Long> createCommitter(CommitterInitContext context) {
            throw new UnsupportedOperationException("The job does not run");
        }

        @Override
        public SimpleVersionedSerializer<Long> getCommittableSerializer() {
            return new Numbers();
        }
    }

    private static final class Numbers implements SimpleVersionedSerializer<Long> {

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(Long number) {
            return number.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Long deserialize(int version, byte[] bytes) {
            return Long.valueOf(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
