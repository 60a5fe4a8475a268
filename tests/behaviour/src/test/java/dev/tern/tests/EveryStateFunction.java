package dev.tern.tests;

import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.AggregatingState;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Keeps the same number, how many records a key has had, in every kind of state, and notes every
 * disagreement. One state is registered lazily, at a key's tenth record.
 */
final class EveryStateFunction extends KeyedProcessFunction<Long, Long, Long> {

    private static final long serialVersionUID = 1L;

    /** Long after the last rescale, so that no record follows it. */
    private static final long PROCESSING_DELAY_MS = 6_000;

    private final String run;
    private transient ValueState<Long> value;
    private transient ListState<Long> list;
    private transient MapState<Long, String> map;
    private transient ReducingState<Long> reducing;
    private transient AggregatingState<Long, Long> aggregating;

    EveryStateFunction(String run) {
        this.run = run;
    }

    @Override
    public void open(OpenContext context) {
        value = getRuntimeContext().getState(new ValueStateDescriptor<>("value", Types.LONG));
        list = getRuntimeContext().getListState(new ListStateDescriptor<>("list", Types.LONG));
        map =
                getRuntimeContext()
                        .getMapState(new MapStateDescriptor<>("map", Types.LONG, Types.STRING));
        reducing =
                getRuntimeContext()
                        .getReducingState(
                                new ReducingStateDescriptor<>("reducing", Long::sum, Types.LONG));
        aggregating =
                getRuntimeContext()
                        .getAggregatingState(
                                new AggregatingStateDescriptor<>(
                                        "aggregating", new Count(), Types.LONG));
    }

    @Override
    public void processElement(Long id, Context context, Collector<Long> out) throws Exception {
        long n = value.value() == null ? 1 : value.value() + 1;
        value.update(n);
        list.add(n);
        map.put(n, "v" + n);
        reducing.add(1L);
        aggregating.add(id);
        long key = context.getCurrentKey();
        if (n > 10) {
            long lazyCount = lazy().value() == null ? 10 : lazy().value();
            check(key, "lazy", n - 1, lazyCount);
        }
        if (n >= 10) {
            lazy().update(n);
        }
        long listed = 0;
        for (long each : list.get()) {
            listed++;
            check(key, "list", listed, each);
        }
        check(key, "list size", n, listed);
        check(key, "map", n == 1 ? null : "v" + (n - 1), map.get(n - 1));
        check(key, "reducing", n, reducing.get());
        check(key, "aggregating", n, aggregating.get());

        context.timerService().registerEventTimeTimer(context.timestamp() * 97 + key);
        if (n == 1) {
            context.timerService()
                    .registerProcessingTimeTimer(
                            context.timerService().currentProcessingTime() + PROCESSING_DELAY_MS);
        }
        Observations.of(run).record();
        out.collect(id);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Long> out) {
        boolean eventTime = context.timeDomain() == TimeDomain.EVENT_TIME;
        Observations.of(run)
                .fired(eventTime ? "event" : "processing", context.getCurrentKey(), timestamp);
    }

    private ValueState<Long> lazy() {
        return getRuntimeContext().getState(new ValueStateDescriptor<>("lazy", Types.LONG));
    }

    private void check(long key, String what, Object expected, Object actual) {
        if (expected == null ? actual != null : !expected.equals(actual)) {
            Observations.of(run)
                    .note("key " + key + " " + what + ": expected " + expected + ", is " + actual);
        }
    }

    private static final class Count implements AggregateFunction<Long, Long, Long> {

        private static final long serialVersionUID = 1L;

        @Override
        public Long createAccumulator() {
            return 0L;
        }

        @Override
        public Long add(Long value, Long accumulator) {
            return accumulator + 1;
        }

        @Override
        public Long getResult(Long accumulator) {
            return accumulator;
        }

        @Override
        public Long merge(Long a, Long b) {
            return a + b;
        }
    }
}
