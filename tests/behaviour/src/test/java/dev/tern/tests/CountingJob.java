package dev.tern.tests;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.ValueTypeInfo;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.util.Collector;

/** Counts records by key, and checks every count: source -> COUNT -> CHECK. */
final class CountingJob {

    static final int MAX_PARALLELISM = 64;
    static final int KEYS = 211;
    static final String COUNT = "COUNT";
    static final String CHECK = "CHECK";
    static final String SPREAD = "SPREAD";

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
        return counting(
                source(configuration, run, records, recordsPerSecond), run, records, parallelism);
    }

    /** The same with a vertex before COUNT that any record may go through: SOURCE -> SPREAD. */
    static JobGraph spreadGraph(
            Configuration configuration, String run, long records, double recordsPerSecond) {
        return counting(
                source(configuration, run, records, recordsPerSecond)
                        .rebalance()
                        .map(id -> id)
                        .returns(Types.LONG)
                        .name(SPREAD),
                run,
                NO_ORDER,
                2);
    }

    private static DataStream<Long> source(
            Configuration configuration, String run, long records, double recordsPerSecond) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(2);
        env.setMaxParallelism(MAX_PARALLELISM);
        return env.fromSource(
                Pace.source(run, id -> id, records, recordsPerSecond, Types.LONG),
                WatermarkStrategy.noWatermarks(),
                "SOURCE");
    }

    private static JobGraph counting(
            DataStream<Long> ids, String run, long records, int parallelism) {
        KeyedStream<Long, Long> keyed = ids.keyBy(id -> id % KEYS);
        Counter counter = new Counter(run, records);
        (run.startsWith(RAW)
                        ? keyed.transform(
                                COUNT,
                                Types.TUPLE(Types.LONG, Types.INT),
                                new RawStateOperator(counter))
                        : keyed.process(counter).name(COUNT))
                .setParallelism(parallelism)
                .keyBy(counted -> counted.f0)
                .process(new Checker(run))
                .name(CHECK)
                .sinkTo(new DiscardingSink<>());
        return ids.getExecutionEnvironment().getStreamGraph().getJobGraph();
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
