package dev.tern.streaming.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.control.TaskCommand.OwnerOptions;
import dev.tern.rescale.control.TaskCommand.PrepareOwner;
import dev.tern.rescale.plan.Ownership;

import org.apache.flink.runtime.clusterframework.types.ResourceID;

import org.junit.jupiter.api.Test;

class BroadcastCopyTest {

    @Test
    void oneSurvivorGivesAndNewSubtasksTake() {
        BroadcastCopy giver = copy(2, 4, 0, 0, true);
        assertThat(giver.isToGive()).isTrue();
        assertThat(giver.takes()).isFalse();
        assertThat(giver.isDone()).isFalse();
        giver.finish();
        assertThat(giver.isToGive()).isFalse();
        assertThat(giver.isDone()).isTrue();

        BroadcastCopy taker = copy(2, 4, 3, 0, true);
        assertThat(taker.takes()).isTrue();
        assertThat(taker.isToCome()).isTrue();
        taker.finish();
        assertThat(taker.isToCome()).isFalse();
        assertThat(taker.takes()).isTrue();
        assertThat(taker.isDone()).isTrue();
    }

    @Test
    void everybodyElseHasNothingToDo() {
        assertIdle(copy(2, 4, 1, 0, true));
        // In later steps, when the vertex shrinks, without a broadcast input.
        assertIdle(copy(2, 4, 0, 1, true));
        assertIdle(copy(2, 4, 3, 1, true));
        assertIdle(copy(4, 2, 0, 0, true));
        assertIdle(copy(2, 4, 0, 0, false));
        assertIdle(copy(2, 4, 3, 0, false));
    }

    private static void assertIdle(BroadcastCopy copy) {
        assertThat(copy.isToGive()).isFalse();
        assertThat(copy.isToCome()).isFalse();
        assertThat(copy.isDone()).isTrue();
    }

    private static BroadcastCopy copy(int from, int to, int subtask, int step, boolean broadcast) {
        PrepareOwner prepare =
                new PrepareOwner(
                        new ResourceID("process"),
                        Ownership.contiguous(8, from),
                        Ownership.contiguous(8, to),
                        new OwnerOptions(1, true, true, null));
        return BroadcastCopy.of(prepare, subtask, step, broadcast);
    }
}
