package dev.tern.streaming.state;

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
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.util.Collector;

import java.util.TreeMap;

/**
 * Keeps every kind of state, one of them registered with the first record only, and emits all of
 * them for each record. A number below zero only looks.
 */
final class AllStatesFunction extends KeyedProcessFunction<Integer, Tuple2<Integer, Long>, String> {

    private static final long serialVersionUID = 1L;

    private transient ValueState<Long> last;
    private transient ListState<Long> all;
    private transient MapState<Long, Long> counts;
    private transient ReducingState<Long> sum;
    private transient AggregatingState<Long, String> text;

    static KeyedProcessOperator<Integer, Tuple2<Integer, Long>, String> operator() {
        return new KeyedProcessOperator<>(new AllStatesFunction());
    }

    @Override
    public void open(OpenContext context) {
        last = getRuntimeContext().getState(new ValueStateDescriptor<>("last", Types.LONG));
        all = getRuntimeContext().getListState(new ListStateDescriptor<>("all", Types.LONG));
        counts =
                getRuntimeContext()
                        .getMapState(new MapStateDescriptor<>("counts", Types.LONG, Types.LONG));
        sum =
                getRuntimeContext()
                        .getReducingState(
                                new ReducingStateDescriptor<>("sum", Long::sum, Types.LONG));
    }

    @Override
    public void processElement(Tuple2<Integer, Long> record, Context context, Collector<String> out)
            throws Exception {
        text = getRuntimeContext().getAggregatingState(textDescriptor());
        if (record.f1 >= 0) {
            last.update(record.f1);
            all.add(record.f1);
            counts.put(record.f1, counts.contains(record.f1) ? counts.get(record.f1) + 1 : 1L);
            sum.add(record.f1);
            text.add(record.f1);
        }
        TreeMap<Long, Long> sorted = new TreeMap<>();
        counts.entries().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        out.collect(
                record.f0
                        + ": "
                        + last.value()
                        + " "
                        + all.get()
                        + " "
                        + sorted
                        + " "
                        + sum.get()
                        + " "
                        + text.get());
    }

    private static AggregatingStateDescriptor<Long, String, String> textDescriptor() {
        return new AggregatingStateDescriptor<>("late-text", new Concatenate(), Types.STRING);
    }

    private static final class Concatenate implements AggregateFunction<Long, String, String> {

        private static final long serialVersionUID = 1L;

        @Override
        public String createAccumulator() {
            return "";
        }

        @Override
        public String add(Long value, String accumulator) {
            return accumulator + value + ";";
        }

        @Override
        public String getResult(String accumulator) {
            return accumulator;
        }

        @Override
        public String merge(String left, String right) {
            return left + right;
        }
    }
}
