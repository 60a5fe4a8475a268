package dev.tern.tests;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Notes the counts that arrive here; those of negative keys are none. */
final class Report extends ProcessFunction<Tuple2<Long, Integer>, Integer> {

    private static final long serialVersionUID = 1L;

    private final String run;
    private final boolean bySubtask;

    /**
     * @param bySubtask whether each subtask has notes of its own
     */
    Report(String run, boolean bySubtask) {
        this.run = run;
        this.bySubtask = bySubtask;
    }

    @Override
    public void processElement(
            Tuple2<Long, Integer> counted, Context context, Collector<Integer> out) {
        if (counted.f0 >= 0) {
            int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
            Observations.of(bySubtask ? run + "/" + subtask : run).counted(counted.f0, counted.f1);
        }
        out.collect(counted.f1);
    }
}
