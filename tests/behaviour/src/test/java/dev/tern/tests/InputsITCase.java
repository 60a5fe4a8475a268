package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.MultipleConnectedStreams;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.transformations.KeyedMultipleInputTransformation;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Vertices with many inputs and outputs: every record is counted once, and every result arrives. */
class InputsITCase {

    private static final long RECORDS = 30_000;
    private static final double RATE = 3_000;
    private static final TypeInformation<Tuple2<Long, Integer>> COUNTED =
            Types.TUPLE(Types.LONG, Types.INT);
    private static final OutputTag<Tuple2<Long, Integer>> RIGHT =
            new OutputTag<>("right", COUNTED);

    @RegisterExtension static final SharedCluster SHARED = new SharedCluster();

    /** Two keyed inputs, one a union; upstream vertices of parallelism 2, 3 and 1; four consumers. */
    @Test
    void connectedStreamsAUnionSideOutputsAndSeveralConsumers() throws Exception {
        String run = "inputs-connected";
        Ids ids = new Ids(run, RECORDS, RATE);
        StreamExecutionEnvironment env = Ids.environment(SHARED.configuration());
        DataStream<Long> left = ids.source(env, "LEFT", 2);
        DataStream<Long> right = ids.source(env, "RIGHT", 3);
        DataStream<Long> further = ids.source(env, "FURTHER", 1);
        SingleOutputStreamOperator<Tuple2<Long, Integer>> counted =
                left.connect(right.union(further))
                        .keyBy(Ids::key, Ids::key, Types.LONG)
                        .process(new CountBoth(run))
                        .returns(COUNTED)
                        .name("KEYED");
        report(counted.keyBy(count -> count.f0), run + "/keyed");
        // The consumer's input is a union, of which one gate grows and the other does not.
        DataStream<Tuple2<Long, Integer>> strangers =
                further.map(id -> Tuple2.of(-1L, 0)).returns(COUNTED).rebalance();
        report(counted.rebalance().union(strangers), run + "/union");
        report(counted.getSideOutput(RIGHT).keyBy(count -> count.f0), run + "/side");
        report(counted.getSideOutput(RIGHT).shuffle(), run + "/other");

        rescaleInTheMiddle(env, run);
        assertCounted(run + "/keyed", RECORDS);
        assertCounted(run + "/union", RECORDS);
        assertCounted(run + "/side", 2 * RECORDS);
        assertCounted(run + "/other", 2 * RECORDS);
        assertThat(Observations.of(run).fired("event")).isEqualTo(RECORDS);
        assertThat(Observations.of(run).duplicates()).isZero();
    }

    @Test
    void anOperatorWithThreeInputs() throws Exception {
        String run = "inputs-three";
        Ids ids = new Ids(run, RECORDS, RATE);
        StreamExecutionEnvironment env = Ids.environment(SHARED.configuration());
        KeyedMultipleInputTransformation<Tuple2<Long, Integer>> transformation =
                new KeyedMultipleInputTransformation<>(
                        "KEYED", new CountThree.Factory(), COUNTED, 2, Types.LONG);
        KeySelector<Long, Long> key = Ids::key;
        for (int input = 1; input <= 3; input++) {
            DataStream<Long> source = ids.source(env, "SOURCE-" + input, input);
            transformation.addInput(source.keyBy(key, Types.LONG).getTransformation(), key);
        }
        env.addOperator(transformation);
        report(new MultipleConnectedStreams(env).transform(transformation).rebalance(), run);

        rescaleInTheMiddle(env, run);
        assertCounted(run, 3 * RECORDS);
    }

    @Test
    void aVertexThatBroadcastsItsResults() throws Exception {
        String run = "inputs-broadcasting";
        StreamExecutionEnvironment env = Ids.environment(SHARED.configuration());
        DataStream<Tuple2<Long, Integer>> counted =
                new Ids(run, RECORDS, RATE)
                        .source(env, "SOURCE", 2)
                        .keyBy(Ids::key)
                        .process(new Count(run))
                        .returns(COUNTED)
                        .name("KEYED");
        counted.broadcast().process(new Report(run, true)).sinkTo(new DiscardingSink<>());

        rescaleInTheMiddle(env, run);
        assertCounted(run + "/0", RECORDS);
        assertCounted(run + "/1", RECORDS);
    }

    /** What is keyed once stays keyed in the operators chained behind. */
    @Test
    void twoKeyedOperatorsInOneVertex() throws Exception {
        String run = "inputs-chain";
        StreamExecutionEnvironment env = Ids.environment(SHARED.configuration());
        DataStream<Tuple2<Long, Integer>> counted =
                new Ids(run, RECORDS, RATE)
                        .source(env, "SOURCE", 2)
                        .keyBy(Ids::key)
                        .process(new Count(run))
                        .returns(COUNTED)
                        .name("KEYED");
        DataStream<Tuple2<Long, Integer>> again =
                DataStreamUtils.reinterpretAsKeyedStream(counted, count -> count.f0, Types.LONG)
                        .process(new CountAgain(run))
                        .returns(COUNTED);
        report(again.rebalance(), run);

        rescaleInTheMiddle(env, run);
        assertCounted(run, RECORDS);
        assertThat(Observations.of(run).notes()).isEmpty();
        assertThat(Observations.of(run).fired("event")).isEqualTo(2 * RECORDS);
    }

    private static void report(DataStream<Tuple2<Long, Integer>> counts, String run) {
        counts.process(new Report(run, false)).sinkTo(new DiscardingSink<>());
    }

    private static void rescaleInTheMiddle(StreamExecutionEnvironment env, String run)
            throws Exception {
        SHARED.begin(env, run, 500);
        Live.rescaleTo(SHARED.cluster(), "minimal", SharedCluster.KEYED, 4, 3);
        Live.rescaleTo(SHARED.cluster(), "contiguous", SharedCluster.KEYED, 1, 5);
        SHARED.finish(run);
    }

    private static void assertCounted(String run, long records) {
        Observations observed = Observations.of(run);
        assertThat(observed.distinct()).as(run).isEqualTo(records);
        assertThat(observed.keysWithHoles()).as(run).isZero();
        assertThat(observed.duplicates()).as(run).isZero();
    }

    private static final class CountBoth
            extends KeyedCoProcessFunction<Long, Long, Long, Tuple2<Long, Integer>> {

        private static final long serialVersionUID = 1L;

        private final String run;

        private CountBoth(String run) {
            this.run = run;
        }

        @Override
        public void processElement1(
                Long id, Context context, Collector<Tuple2<Long, Integer>> out) throws Exception {
            Observations.of(run).record();
            long key = context.getCurrentKey();
            context.timerService().registerEventTimeTimer(Count.timer(context.timestamp(), key));
            out.collect(Tuple2.of(key, Count.next(getRuntimeContext(), "left")));
        }

        @Override
        public void processElement2(
                Long id, Context context, Collector<Tuple2<Long, Integer>> out) throws Exception {
            long key = context.getCurrentKey();
            context.output(
                    RIGHT, Tuple2.of(key, Count.next(getRuntimeContext(), "right")));
        }

        @Override
        public void onTimer(
                long timestamp, OnTimerContext context, Collector<Tuple2<Long, Integer>> out) {
            Observations.of(run).fired("event", context.getCurrentKey(), timestamp);
        }
    }

    private static final class CountAgain
            extends KeyedProcessFunction<Long, Tuple2<Long, Integer>, Tuple2<Long, Integer>> {

        private static final long serialVersionUID = 1L;

        private final String run;

        private CountAgain(String run) {
            this.run = run;
        }

        @Override
        public void processElement(
                Tuple2<Long, Integer> counted,
                Context context,
                Collector<Tuple2<Long, Integer>> out)
                throws Exception {
            int again = Count.next(getRuntimeContext(), "again");
            if (again != counted.f1) {
                Observations.of(run).note(counted + " is counted " + again);
            }
            long key = context.getCurrentKey();
            context.timerService().registerEventTimeTimer(Count.timer(context.timestamp(), key));
            out.collect(counted);
        }

        @Override
        public void onTimer(
                long timestamp, OnTimerContext context, Collector<Tuple2<Long, Integer>> out) {
            Observations.of(run).fired("event", context.getCurrentKey(), timestamp);
        }
    }
}
