package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.runtime.jobgraph.OperatorID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;


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
            assertThat(unit.operators()).hasSize(2);
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
    void aSchemaSurvivesItsBytes() throws Exception {
        try (HarnessSubtask subtask = HarnessSubtask.open(RecorderFunction.operator(), 1, 0)) {
            StateSchema schema = subtask.state().schema();
            assertThat(StateSchema.fromBytes(schema.toBytes())).isEqualTo(schema);
        }
    }
}
