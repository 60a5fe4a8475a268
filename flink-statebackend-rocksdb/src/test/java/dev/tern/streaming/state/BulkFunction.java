package dev.tern.streaming.state;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.util.Collector;

import java.util.Arrays;
import java.util.Random;

/** Keeps 1000 bytes and a list for each key, and emits both. A number below zero only looks. */
final class BulkFunction extends KeyedProcessFunction<Integer, Tuple2<Integer, Long>, String> {

    static final int VALUE_BYTES = 1000;

    private static final long serialVersionUID = 1L;

    private transient ValueState<byte[]> value;
    private transient ListState<Long> list;

    static KeyedProcessOperator<Integer, Tuple2<Integer, Long>, String> operator() {
        return new KeyedProcessOperator<>(new BulkFunction());
    }

    /** What a key keeps after a number. */
    static byte[] bytes(int key, long number) {
        byte[] bytes = new byte[VALUE_BYTES];
        new Random(31L * key + number).nextBytes(bytes);
        return bytes;
    }

    @Override
    public void open(OpenContext context) {
        value =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "value",
                                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        list = getRuntimeContext().getListState(new ListStateDescriptor<>("list", Types.LONG));
    }

    @Override
    public void processElement(Tuple2<Integer, Long> record, Context context, Collector<String> out)
            throws Exception {
        if (record.f1 >= 0) {
            value.update(bytes(record.f0, record.f1));
            list.add(record.f1);
        } else {
            out.collect(Arrays.hashCode(value.value()) + " " + list.get());
        }
    }
}
