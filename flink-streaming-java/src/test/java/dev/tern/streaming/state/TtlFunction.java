package dev.tern.streaming.state;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.util.Collector;

import java.time.Duration;

/**
 * Keeps a value and a list for 100 ms, cleaned up entry by entry with each access. Emits both; a
 * number below zero only looks.
 */
final class TtlFunction extends KeyedProcessFunction<Integer, Tuple2<Integer, Long>, String> {

    private static final long serialVersionUID = 1L;

    private transient ValueState<Long> last;
    private transient ListState<Long> all;

    static KeyedProcessOperator<Integer, Tuple2<Integer, Long>, String> operator() {
        return new KeyedProcessOperator<>(new TtlFunction());
    }

    @Override
    public void open(OpenContext context) {
        StateTtlConfig ttl =
                StateTtlConfig.newBuilder(Duration.ofMillis(100))
                        .cleanupIncrementally(1, false)
                        .build();
        ValueStateDescriptor<Long> lastDescriptor = new ValueStateDescriptor<>("last", Types.LONG);
        lastDescriptor.enableTimeToLive(ttl);
        last = getRuntimeContext().getState(lastDescriptor);
        ListStateDescriptor<Long> allDescriptor = new ListStateDescriptor<>("all", Types.LONG);
        allDescriptor.enableTimeToLive(ttl);
        all = getRuntimeContext().getListState(allDescriptor);
    }

    @Override
    public void processElement(Tuple2<Integer, Long> record, Context context, Collector<String> out)
            throws Exception {
        if (record.f1 >= 0) {
            last.update(record.f1);
            all.add(record.f1);
        }
        StringBuilder values = new StringBuilder();
        for (Long value : all.get()) {
            values.append(value).append(' ');
        }
        out.collect(record.f0 + ": " + last.value() + " of " + values);
    }
}
