package dev.tern.streaming.state;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.util.Collector;

/**
 * Appends each number to a list and emits the list. A number divisible by 3 sets an event-time
 * timer at that time, one that leaves 1 a processing-time timer; a timer emits the list again.
 */
final class RecorderFunction extends KeyedProcessFunction<Integer, Tuple2<Integer, Long>, String> {

    private static final long serialVersionUID = 1L;

    private transient ListState<Long> all;

    static KeyedProcessOperator<Integer, Tuple2<Integer, Long>, String> operator() {
        return new KeyedProcessOperator<>(new RecorderFunction());
    }

    @Override
    public void open(OpenContext context) {
        all = getRuntimeContext().getListState(new ListStateDescriptor<>("all", Types.LONG));
    }

    @Override
    public void processElement(Tuple2<Integer, Long> record, Context context, Collector<String> out)
            throws Exception {
        all.add(record.f1);
        if (record.f1 % 3 == 0) {
            context.timerService().registerEventTimeTimer(record.f1);
        } else if (record.f1 % 3 == 1) {
            context.timerService().registerProcessingTimeTimer(record.f1);
        }
        out.collect(record.f0 + ": " + all.get());
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<String> out)
            throws Exception {
        out.collect(
                context.getCurrentKey()
                        + " "
                        + context.timeDomain()
                        + " "
                        + timestamp
                        + ": "
                        + all.get());
    }
}
