package dev.tern.streaming.state;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.util.Collector;

/** Remembers the last number of a key, or forgets the key. A number below zero only looks. */
final class ForgettingFunction
        extends KeyedProcessFunction<Integer, Tuple2<Integer, Long>, String> {

    static final long FORGET = 1_000;

    private static final long serialVersionUID = 1L;

    private transient ValueState<Long> last;

    static KeyedProcessOperator<Integer, Tuple2<Integer, Long>, String> operator() {
        return new KeyedProcessOperator<>(new ForgettingFunction());
    }

    @Override
    public void open(OpenContext context) {
        last = getRuntimeContext().getState(new ValueStateDescriptor<>("last", Types.LONG));
    }

    @Override
    public void processElement(Tuple2<Integer, Long> record, Context context, Collector<String> out)
            throws Exception {
        if (record.f1 == FORGET) {
            last.clear();
        } else if (record.f1 >= 0) {
            last.update(record.f1);
        }
        out.collect(record.f0 + ": " + last.value());
    }
}
