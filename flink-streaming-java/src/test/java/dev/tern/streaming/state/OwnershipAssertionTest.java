package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.BitSet;

class OwnershipAssertionTest {

    @Test
    void aKeyOfAStrangerIsRefusedBeforeItsStateIsTouched() throws Exception {
        int own = HarnessSubtask.keyOf(2, 0);
        int foreign = HarnessSubtask.keyOf(3, 0);
        try (HarnessSubtask subtask = HarnessSubtask.open(AllStatesFunction.operator(), 2, 0)) {
            OwnershipAssertion assertion = subtask.state().watchOwnership(7);
            subtask.send(foreign, -1);
            assertion.update(5, groups(2));
            subtask.send(own, 1);
            assertThatThrownBy(() -> subtask.send(foreign, 1))
                    .rootCause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Key " + foreign + " of key group 3")
                    .hasMessageContaining("subtask 7")
                    .hasMessageContaining("epoch 5")
                    .hasMessageContaining("keyed (KeyedProcessOperator)");
            assertThat(subtask.state().ownedNonEmpty()).containsExactly(2);
            assertion.update(6, groups(2, 3));
            assertThatCode(() -> subtask.send(foreign, 1)).doesNotThrowAnyException();
            assertThatThrownBy(() -> subtask.state().assertOwnership(groups(2)))
                    .hasMessageContaining("[3] hold state but are not owned");
            assertion.update(7, groups());
            assertion.close();
            assertThatCode(() -> subtask.send(foreign, 1)).doesNotThrowAnyException();
        }
    }

    private static BitSet groups(int... keyGroups) {
        BitSet groups = new BitSet();
        for (int keyGroup : keyGroups) {
            groups.set(keyGroup);
        }
        return groups;
    }
}
