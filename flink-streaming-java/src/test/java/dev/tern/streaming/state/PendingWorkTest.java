package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

/** What an operator holds outside of keyed state leaves with the unit. */
class PendingWorkTest {

    @Test
    void aBundleIsInTheStateOfTheUnitThatLeaves() throws Exception {
        try (HarnessSubtask old = HarnessSubtask.open(new SummingOperator(), 2, 0);
                HarnessSubtask young = HarnessSubtask.open(new SummingOperator(), 2, 1)) {
            int key = HarnessSubtask.keyOf(3, 0);
            old.widen();
            young.widen();
            old.send(key, 5);
            old.send(key, 7);
            assertThat(old.output()).isEmpty();

            old.state().flushKeyed();
            assertThat(old.output()).containsExactly(key + "=12");
            young.state().adopt(old.state().schema());
            young.state().install(old.state().detach(3));

            young.send(key, 1);
            young.state().flushAll();
            assertThat(young.output()).containsExactly(key + "=13");
        }
    }

    /** Sums numbers by key, and touches its state once a bundle. */
    private static final class SummingOperator extends AbstractStreamOperator<String>
            implements OneInputStreamOperator<Tuple2<Integer, Long>, String> {

        private static final long serialVersionUID = 1L;

        private transient Map<Integer, Long> bundle;
        private transient ValueState<Long> sum;

        @Override
        public void open() throws Exception {
            super.open();
            bundle = new HashMap<>();
            sum =
                    getPartitionedState(
                            new ValueStateDescriptor<>("sum", Types.LONG));
        }

        @Override
        public void processElement(StreamRecord<Tuple2<Integer, Long>> element) {
            bundle.merge(element.getValue().f0, element.getValue().f1, Long::sum);
        }

        @Override
        public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
            for (Map.Entry<Integer, Long> entry : bundle.entrySet()) {
                setCurrentKey(entry.getKey());
                long before = sum.value() == null ? 0L : sum.value();
                sum.update(before + entry.getValue());
                output.collect(new StreamRecord<>(entry.getKey() + "=" + sum.value()));
            }
            bundle.clear();
        }
    }
}
