package dev.tern.rescale.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.util.InstantiationUtil;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** What each task is told of a step, and how an ownership travels. */
class MigrationStepTest {

    private static final Ownership AFTER = Ownership.of(4, new int[] {2, 0, 3, 2});

    @Test
    void eachSubtaskIsToldItsOwnMoves() {
        Move first = new Move(0, 0, 2);
        Move second = new Move(2, 1, 3);
        Move third = new Move(3, 1, 2);
        Map<Integer, MigrationStep> shares =
                new MigrationStep(5, List.of(first, second, third), AFTER).bySubtask();
        assertThat(shares).containsOnlyKeys(0, 1, 2, 3);
        assertThat(shares.get(0)).isEqualTo(new MigrationStep(5, List.of(first), AFTER));
        assertThat(shares.get(1).moves()).containsExactly(second, third);
        assertThat(shares.get(2).moves()).containsExactly(first, third);
        assertThat(shares.get(2).giversTo(2)).containsExactlyInAnyOrder(0, 1);
        assertThat(shares.get(1).giversTo(1)).isEmpty();
    }

    @Test
    void anOwnershipArrivesAsItWasSent() throws Exception {
        for (Ownership sent :
                List.of(
                        AFTER,
                        Ownership.of(2, new int[] {1}),
                        Ownership.contiguous(128, 128),
                        Ownership.contiguous(32_768, 1_000))) {
            Ownership arrived = InstantiationUtil.clone(sent);
            assertThat(arrived).isEqualTo(sent);
            assertThat(arrived.toTable()).isEqualTo(sent.toTable());
        }
    }
}
