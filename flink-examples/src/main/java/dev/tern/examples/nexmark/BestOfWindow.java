package dev.tern.examples.nexmark;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

import dev.tern.examples.sink.Outcome;

import java.util.Iterator;
import java.util.List;

/** Keeps the best candidates of each window, all of them if several are, until it ends. */
final class BestOfWindow extends KeyedProcessFunction<Long, Candidate, Outcome> {

    private static final long serialVersionUID = 1L;

    private transient ListState<Candidate> best;
    private transient int subtask;

    @Override
    public void open(OpenContext context) {
        best =
                getRuntimeContext()
                        .getListState(new ListStateDescriptor<>("best", Candidate.class));
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public void processElement(Candidate candidate, Context context, Collector<Outcome> out)
            throws Exception {
        Iterator<Candidate> known = best.get().iterator();
        long measure = known.hasNext() ? known.next().measure() : Long.MIN_VALUE;
        if (candidate.measure() > measure) {
            best.update(List.of(candidate));
        } else if (candidate.measure() == measure) {
            best.add(candidate);
        }
        // The subtasks before emit a window at this time, and tell of the time afterwards.
        context.timerService().registerEventTimeTimer(candidate.windowEnd() - 1);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Outcome> out)
            throws Exception {
        for (Candidate winner : best.get()) {
            out.collect(
                    new Outcome(
                            Long.toString(winner.windowEnd()),
                            0,
                            Candidate.identity(winner.windowEnd(), winner.id()),
                            winner.value(),
                            winner.dueMicros(),
                            winner.channel(),
                            subtask));
        }
        best.clear();
    }
}
