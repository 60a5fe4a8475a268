package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.runtime.jobgraph.OperatorID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Map;

/** Several keyed operators of one chain move as one unit. */
class ChainTest {

    private static final OperatorID SECOND = new OperatorID(3, 4);
    private static final int GROUP = 3;
    private static final int KEY = HarnessSubtask.keyOf(GROUP, 0);

    @ParameterizedTest
    @EnumSource
    void allOperatorsOfTheChainGiveTheirPart(Transport transport) throws Exception {
        try (HarnessSubtask leftHead = HarnessSubtask.open(RecorderFunction.operator(), 1, 0);
                HarnessSubtask leftTail =
                        HarnessSubtask.open(AllStatesFunction.operator(), SECOND, 1, 0);
                HarnessSubtask rightHead = HarnessSubtask.open(RecorderFunction.operator(), 1, 0);
                HarnessSubtask rightTail =
                        HarnessSubtask.open(AllStatesFunction.operator(), SECOND, 1, 0)) {
            TaskKeyedState left = HarnessSubtask.chain(leftHead, leftTail);
            TaskKeyedState right = HarnessSubtask.chain(rightHead, rightTail);
            leftHead.send(KEY, 9);
            leftTail.send(KEY, 5);

            right.adopt(left.schema());
            DetachedUnit unit = left.detach(GROUP);
            assertThat(unit.toString()).isEqualTo("unit 3 (6 entries, 1 timers of 2 operators)");
            right.install(transport.carry(left, right, unit));

            assertThat(left.ownedNonEmpty()).isEmpty();
            assertThat(right.ownedNonEmpty()).containsExactly(GROUP);
            rightHead.watermark(9);
            rightTail.send(KEY, -1);
            assertThat(rightHead.output()).containsExactly(KEY + " EVENT_TIME 9: [9]");
            assertThat(rightTail.output()).containsExactly(KEY + ": 5 [5] {5=1} 5 5;");
        }
    }

    @Test
    void aUnitOfAnotherVertexIsRefused() throws Exception {
        try (HarnessSubtask one = HarnessSubtask.open(RecorderFunction.operator(), 1, 0);
                HarnessSubtask other =
                        HarnessSubtask.open(RecorderFunction.operator(), SECOND, 1, 0)) {
            one.send(KEY, 9);
            assertThatThrownBy(() -> other.state().adopt(one.state().schema()))
                    .hasMessageContaining("it is from a task of another vertex");
            DetachedUnit unit = one.state().detach(GROUP);
            assertThatThrownBy(() -> other.state().install(unit))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("which this task does not have");
        }
    }

    @Test
    void sizesFollowTheEntries() throws Exception {
        try (HarnessSubtask subtask = HarnessSubtask.open(RecorderFunction.operator(), 1, 0)) {
            int small = HarnessSubtask.keyOf(5, 0);
            subtask.send(small, 2);
            for (int i = 0; i < 300; i++) {
                subtask.send(HarnessSubtask.keyOf(GROUP, i % 10), 2);
            }
            Map<Integer, Long> bytes = subtask.state().keyGroupBytes(List.of(GROUP, 5, 7));
            // Ten lists of 30 longs, each with namespace, key and length.
            assertThat(bytes.get(GROUP)).isBetween(2000L, 3000L);
            assertThat(bytes.get(5)).isBetween(10L, 300L);
            assertThat(bytes.get(7)).isZero();
        }
    }

    @Test
    void aSchemaSurvivesItsBytes() throws Exception {
        try (HarnessSubtask subtask = HarnessSubtask.open(RecorderFunction.operator(), 1, 0)) {
            StateSchema schema = subtask.state().schema();
            assertThat(StateSchema.fromBytes(schema.toBytes())).isEqualTo(schema);
        }
    }
}
