package dev.tern.streaming.state;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.util.Collector;

/** Sets an event-time timer at the number, or a processing-time timer at its negation. */
final class TimerFunction extends KeyedProcessFunction<Integer, Tuple2<Integer, Long>, String> {

    private static final long serialVersionUID = 1L;

    static KeyedProcessOperator<Integer, Tuple2<Integer, Long>, String> operator() {
        return new KeyedProcessOperator<>(new TimerFunction());
    }

    @Override
    public void processElement(
            Tuple2<Integer, Long> record, Context context, Collector<String> out) {
        if (record.f1 >= 0) {
            context.timerService().registerEventTimeTimer(record.f1);
        } else {
            context.timerService().registerProcessingTimeTimer(-record.f1);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<String> out) {
        out.collect(context.getCurrentKey() + " " + context.timeDomain() + " " + timestamp);
    }
}
