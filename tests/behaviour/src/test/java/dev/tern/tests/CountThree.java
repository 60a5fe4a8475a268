package dev.tern.tests;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.AbstractInput;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorV2;
import org.apache.flink.streaming.api.operators.Input;
import org.apache.flink.streaming.api.operators.MultipleInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

import java.util.List;

/** An operator with three keyed inputs that counts for each key how many records of any came. */
final class CountThree extends AbstractStreamOperatorV2<Tuple2<Long, Integer>>
        implements MultipleInputStreamOperator<Tuple2<Long, Integer>> {

    private CountThree(StreamOperatorParameters<Tuple2<Long, Integer>> parameters) {
        super(parameters, 3);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public List<Input> getInputs() {
        return List.of(new Counting(1), new Counting(2), new Counting(3));
    }

    private final class Counting extends AbstractInput<Long, Tuple2<Long, Integer>> {

        private Counting(int input) {
            super(CountThree.this, input);
        }

        @Override
        public void processElement(StreamRecord<Long> record) throws Exception {
            ValueState<Integer> count =
                    getKeyedStateStore()
                            .orElseThrow()
                            .getState(new ValueStateDescriptor<>("count", Types.INT));
            int next = count.value() == null ? 1 : count.value() + 1;
            count.update(next);
            output.collect(new StreamRecord<>(Tuple2.of((Long) getCurrentKey(), next)));
        }
    }

    static final class Factory extends AbstractStreamOperatorFactory<Tuple2<Long, Integer>> {

        private static final long serialVersionUID = 1L;

        @Override
        @SuppressWarnings("unchecked")
        public <T extends StreamOperator<Tuple2<Long, Integer>>> T createStreamOperator(
                StreamOperatorParameters<Tuple2<Long, Integer>> parameters) {
            return (T) new CountThree(parameters);
        }

        @Override
        @SuppressWarnings("rawtypes")
        public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
            return CountThree.class;
        }
    }
}
