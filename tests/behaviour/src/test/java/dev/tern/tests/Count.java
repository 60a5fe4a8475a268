package dev.tern.tests;

import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Counts the ids of each key and sets an event-time timer for each. */
final class Count extends KeyedProcessFunction<Long, Long, Tuple2<Long, Integer>> {

    private static final long serialVersionUID = 1L;

    private final String run;

    Count(String run) {
        this.run = run;
    }

    @Override
    public void processElement(Long id, Context context, Collector<Tuple2<Long, Integer>> out)
            throws Exception {
        int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        Failures.maybeFail(run, subtask);
        Observations.of(run).record();
        Observations.of(run)
                .siblings(subtask, getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks());
        long key = context.getCurrentKey();
        context.timerService().registerEventTimeTimer(timer(context.timestamp(), key));
        out.collect(Tuple2.of(key, next(getRuntimeContext(), "count")));
    }

    @Override
    public void onTimer(
            long timestamp, OnTimerContext context, Collector<Tuple2<Long, Integer>> out) {
        // Apart from those of an operator behind, which has the same keys and timestamps.
        Observations.of(run).fired("event", -1 - context.getCurrentKey(), timestamp);
    }

    /** Different for any two ids of a run. */
    static long timer(long timestamp, long key) {
        return timestamp * Ids.KEYS + key;
    }

    /** Counts one up in a state of the present key. */
    static int next(RuntimeContext context, String name) throws Exception {
        ValueState<Integer> count =
                context.getState(new ValueStateDescriptor<>(name, Types.INT));
        int next = count.value() == null ? 1 : count.value() + 1;
        count.update(next);
        return next;
    }
}
