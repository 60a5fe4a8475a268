package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class BroadcastStatesTest {

    private static final MapStateDescriptor<String, Long> RULES =
            new MapStateDescriptor<>("rules", Types.STRING, Types.LONG);
    private static final MapStateDescriptor<Long, String> LAZY =
            new MapStateDescriptor<>("lazy", Types.LONG, Types.STRING);

    @Test
    void aCopyReplacesWhatWasThereAndRegistersWhatWasNot() throws Exception {
        BroadcastingOperator giver = new BroadcastingOperator();
        BroadcastingOperator taker = new BroadcastingOperator();
        try (HarnessSubtask from = HarnessSubtask.open(giver, 2, 0);
                HarnessSubtask to = HarnessSubtask.open(taker, 2, 1)) {
            giver.state(RULES).put("a", 1L);
            giver.state(RULES).put("b", 2L);
            giver.state(LAZY).put(3L, "c");
            taker.state(RULES).put("stale", 9L);

            byte[] copy = states(giver).copy();
            giver.state(RULES).put("later", 4L);
            states(taker).install(copy);

            assertThat(entries(taker.state(RULES))).isEqualTo(Map.of("a", 1L, "b", 2L));
            assertThat(entries(taker.state(LAZY))).isEqualTo(Map.of(3L, "c"));
            taker.state(RULES).put("own", 5L);
            assertThat(entries(giver.state(RULES))).doesNotContainKey("own");
        }
    }

    @Test
    void withoutBroadcastStateThereIsNothingToCopy() throws Exception {
        BroadcastingOperator giver = new BroadcastingOperator();
        BroadcastingOperator taker = new BroadcastingOperator();
        try (HarnessSubtask from = HarnessSubtask.open(giver, 2, 0);
                HarnessSubtask to = HarnessSubtask.open(taker, 2, 1)) {
            states(taker).install(states(giver).copy());
            assertThat(taker.getOperatorStateBackend().getRegisteredBroadcastStateNames())
                    .isEmpty();
        }
    }

    @Test
    void aDamagedCopyIsRefused() throws Exception {
        BroadcastingOperator giver = new BroadcastingOperator();
        try (HarnessSubtask from = HarnessSubtask.open(giver, 2, 0)) {
            giver.state(RULES).put("a", 1L);
            byte[] copy = states(giver).copy();
            byte[] longer = Arrays.copyOf(copy, copy.length + 1);
            assertThatThrownBy(() -> states(giver).install(longer))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("1 bytes are left");
            copy[3]++;
            assertThatThrownBy(() -> states(giver).install(copy))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("version 2, expected 1");
        }
    }

    private static BroadcastStates states(BroadcastingOperator operator) {
        return BroadcastStates.of(List.of(operator), BroadcastStatesTest.class.getClassLoader());
    }

    private static <K, V> Map<K, V> entries(BroadcastState<K, V> state) throws Exception {
        Map<K, V> entries = new HashMap<>();
        state.entries().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        return entries;
    }

    private static final class BroadcastingOperator extends AbstractStreamOperator<String>
            implements OneInputStreamOperator<Tuple2<Integer, Long>, String> {

        private static final long serialVersionUID = 1L;

        private <K, V> BroadcastState<K, V> state(MapStateDescriptor<K, V> descriptor)
                throws Exception {
            return getOperatorStateBackend().getBroadcastState(descriptor);
        }

        @Override
        public void processElement(StreamRecord<Tuple2<Integer, Long>> element) {}
    }
}
