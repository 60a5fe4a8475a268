package dev.tern.tests;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.ValueTypeInfo;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.util.Collector;

import java.util.Map;

/**
 * Counts records by key, and checks every count: source -> COUNT -> CHECK, or with one more vertex,
 * see {@link Rescaled}.
 */
final class CountingJob {

    static final int MAX_PARALLELISM = 64;
    static final int KEYS = 211;
    static final String COUNT = "COUNT";
    static final String CHECK = "CHECK";
    static final String SPREAD = "SPREAD";
    static final String AGAIN = "AGAIN";
    static final String MAPPED = "MAPPED";

    private static final TypeInformation<Tuple2<Long, Integer>> COUNTED =
            Types.TUPLE(Types.LONG, Types.INT);

    /** Suffix of a run: {@link Blocks} and {@link Failures} of COUNT while it opens. */
    static final String IN_OPEN = "/open";

    /** Prefix of runs in which COUNT says that it writes raw keyed state, and cannot move live. */
    static final String RAW = "obstacle-raw";

    /** Suffix of a run: {@link Blocks} of COUNT's state while it is serialized. */
    static final String IN_WRITE = "/write";

    /** Suffix of a run: {@link Blocks} of CHECK. */
    static final String IN_CHECK = "/check";

    /** Suffix of a run: {@link Blocks} of CHECK's state while it is serialized. */
    static final String IN_CHECK_WRITE = "/check-write";

    /** Instead of the number of records: those of one key come over several ways. */
    private static final long NO_ORDER = -1;

    private CountingJob() {}

    static JobGraph graph(
            Configuration configuration, String run, long records, double recordsPerSecond) {
        return graph(configuration, run, records, recordsPerSecond, 2);
    }

    /**
     * @param parallelism of COUNT; everything else has 2
     */
    static JobGraph graph(
            Configuration configuration,
            String run,
            long records,
            double recordsPerSecond,
            int parallelism) {
        return graph(
                configuration,
                run,
                records,
                recordsPerSecond,
                Rescaled.ONE_VERTEX,
                Map.of(COUNT, parallelism));
    }

    /** The same with a vertex before COUNT that any record may go through. */
    static JobGraph spreadGraph(
            Configuration configuration, String run, long records, double recordsPerSecond) {
        return graph(
                configuration,
                run,
                records,
                recordsPerSecond,
                Rescaled.SPREAD_AND_KEYED,
                Map.of());
    }

    /**
     * The job in which this can be rescaled.
     *
     * @param parallelism of some vertices; all others have 2
     */
    static JobGraph graph(
            Configuration configuration,
            String run,
            long records,
            double recordsPerSecond,
            Rescaled rescaled,
            Map<String, Integer> parallelism) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(2);
        env.setMaxParallelism(MAX_PARALLELISM);
        DataStream<Long> ids =
                env.fromSource(
                        Pace.source(run, id -> id, records, recordsPerSecond, Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "SOURCE");
        boolean spread = rescaled == Rescaled.SPREAD_AND_KEYED;
        if (spread) {
            ids = named(ids.rebalance().map(id -> id).returns(Types.LONG), SPREAD, parallelism);
        }
        DataStream<Tuple2<Long, Integer>> counted =
                counted(ids, new Counter(run, spread ? NO_ORDER : records), parallelism);
        switch (rescaled) {
            case KEYED_VERTICES ->
                    counted =
                            named(
                                    counted.keyBy(count -> count.f0)
                                            .process(new CountAgain())
                                            .returns(COUNTED),
                                    AGAIN,
                                    parallelism);
            case POINTWISE_GROUP ->
                    counted =
                            named(
                                    counted.rescale().map(count -> count).returns(COUNTED),
                                    MAPPED,
                                    parallelism);
            default -> {}
        }
        counted.keyBy(count -> count.f0)
                .process(new Checker(run))
                .name(CHECK)
                .sinkTo(new DiscardingSink<>());
        return env.getStreamGraph().getJobGraph();
    }

    private static DataStream<Tuple2<Long, Integer>> counted(
            DataStream<Long> ids, Counter counter, Map<String, Integer> parallelism) {
        KeyedStream<Long, Long> keyed = ids.keyBy(id -> id % KEYS);
        return named(
                counter.run.startsWith(RAW)
                        ? keyed.transform(COUNT, COUNTED, new RawStateOperator(counter))
                        : keyed.process(counter).returns(COUNTED),
                COUNT,
                parallelism);
    }

    private static <T> DataStream<T> named(
            SingleOutputStreamOperator<T> operator, String name, Map<String, Integer> parallelism) {
        return operator.name(name).setParallelism(parallelism.getOrDefault(name, 2));
    }

    private static final class Counter
            extends KeyedProcessFunction<Long, Long, Tuple2<Long, Integer>> {

        private static final long serialVersionUID = 1L;

        private final String run;
        private final long records;
        private transient ValueState<Integer> count;
        private transient ValueState<Tuple2<Long, Long>> lastOfSource;
        private transient ValueState<HeldOnWrite> held;

        private Counter(String run, long records) {
            this.run = run;
            this.records = records;
        }

        @Override
        public void open(OpenContext context) throws Exception {
            int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
            Failures.maybeFail(run + IN_OPEN, subtask);
            Blocks.maybeBlock(run + IN_OPEN, subtask);
            count =
                    getRuntimeContext()
                            .getState(new ValueStateDescriptor<>("count", Types.INT));
            lastOfSource =
                    getRuntimeContext()
                            .getState(
                                    new ValueStateDescriptor<>(
                                            "last", Types.TUPLE(Types.LONG, Types.LONG)));
            held =
                    getRuntimeContext()
                            .getState(
                                    new ValueStateDescriptor<>(
                                            "held", new ValueTypeInfo<>(HeldOnWrite.class)));
        }

        @Override
        public void processElement(
                Long id, Context context, Collector<Tuple2<Long, Integer>> out) throws Exception {
            int next = count.value() == null ? 1 : count.value() + 1;
            count.update(next);
            if (records != NO_ORDER) {
                checkOrder(id);
            }
            if (next == 1 && run.startsWith(HeldOnWrite.RUNS)) {
                held.update(new HeldOnWrite(run + IN_WRITE));
            }
            int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
            Failures.maybeFail(run, subtask);
            Blocks.maybeBlock(run, subtask);
            Slowness.maybeTakeTime(run);
            Observations.of(run)
                    .servedBy(
                            KeyGroupRangeAssignment.assignToKeyGroup(
                                    context.getCurrentKey(), MAX_PARALLELISM),
                            subtask);
            out.collect(Tuple2.of(context.getCurrentKey(), next));
        }

        /** The first subtask of the source has the first half of all ids, the second the rest. */
        private void checkOrder(long id) throws Exception {
            Tuple2<Long, Long> last = lastOfSource.value();
            if (last == null) {
                last = Tuple2.of(-1L, -1L);
            }
            boolean first = id < records / 2;
            long before = first ? last.f0 : last.f1;
            long start = first ? 0 : records / 2;
            if (before < 0 ? id - KEYS >= start : id != before + KEYS) {
                Observations.of(run).note("out of order: " + id + " after " + before);
            }
            lastOfSource.update(first ? Tuple2.of(id, last.f1) : Tuple2.of(last.f0, id));
        }
    }

    private static final class RawStateOperator
            extends KeyedProcessOperator<Long, Long, Tuple2<Long, Integer>> {

        private static final long serialVersionUID = 1L;

        private RawStateOperator(Counter counter) {
            super(counter);
        }

        @Override
        protected boolean isUsingCustomRawKeyedState() {
            return true;
        }
    }

    /** Passes on what COUNT has counted, and what it counts itself, as other keys. */
    private static final class CountAgain
            extends KeyedProcessFunction<Long, Tuple2<Long, Integer>, Tuple2<Long, Integer>> {

        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(
                Tuple2<Long, Integer> counted,
                Context context,
                Collector<Tuple2<Long, Integer>> out)
                throws Exception {
            out.collect(counted);
            out.collect(Tuple2.of(-1 - counted.f0, Count.next(getRuntimeContext(), "again")));
        }
    }

    private static final class Checker
            extends KeyedProcessFunction<Long, Tuple2<Long, Integer>, Integer> {

        private static final long serialVersionUID = 1L;

        private final String run;

        private transient ValueState<HeldOnWrite> held;

        private Checker(String run) {
            this.run = run;
        }

        @Override
        public void open(OpenContext context) {
            held =
                    getRuntimeContext()
                            .getState(
                                    new ValueStateDescriptor<>(
                                            "held", new ValueTypeInfo<>(HeldOnWrite.class)));
        }

        @Override
        public void processElement(
                Tuple2<Long, Integer> counted, Context context, Collector<Integer> out)
                throws Exception {
            if (counted.f1 == 1 && run.startsWith(HeldOnWrite.RUNS)) {
                held.update(new HeldOnWrite(run + IN_CHECK_WRITE));
            }
            Blocks.maybeBlock(
                    run + IN_CHECK, getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
            Observations.of(run).counted(counted.f0, counted.f1);
            out.collect(counted.f1);
        }
    }
}
