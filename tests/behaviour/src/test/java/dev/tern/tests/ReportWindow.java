package dev.tern.tests;

import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** Notes the count of every window that fires. */
final class ReportWindow extends ProcessWindowFunction<Long, Long, Long, TimeWindow> {

    private static final long serialVersionUID = 1L;

    private final String run;

    ReportWindow(String run) {
        this.run = run;
    }

    @Override
    public void process(Long key, Context context, Iterable<Long> counts, Collector<Long> out) {
        long count = counts.iterator().next();
        Observations.of(run).result(key + "@" + context.window().getStart(), count);
        Observations.of(run).record();
        out.collect(count);
    }
}
