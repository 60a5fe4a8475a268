package dev.tern.rescale.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.coordinate.SlotPlan.HeldSlot;

import org.apache.flink.runtime.clusterframework.types.AllocationID;
import org.apache.flink.runtime.instance.SlotSharingGroupId;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.scheduler.strategy.ExecutionVertexID;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

class OpenSlotsTest {

    private static final SlotSharingGroupId GROUP = new SlotSharingGroupId();

    /** As one finds it by looking at all slots each time. */
    @Test
    void theBestSlotIsTakenAndOnce() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            List<HeldSlot> left =
                    new ArrayList<>(
                            random.ints(random.nextInt(12), 0, 4)
                                    .mapToObj(subtasks -> slot(subtasks, random))
                                    .toList());
            OpenSlots open = new OpenSlots(List.copyOf(left));
            for (int index : random.ints(14, 0, 9).toArray()) {
                Optional<HeldSlot> best =
                        left.stream().min(Comparator.comparingInt(slot -> rank(slot, index)));
                assertThat(open.take(index)).isEqualTo(best);
                best.ifPresent(left::remove);
            }
        }
    }

    private static int rank(HeldSlot slot, int index) {
        return slot.subtasks().stream().anyMatch(subtask -> subtask.getSubtaskIndex() == index)
                ? -1
                : slot.subtasks().size();
    }

    private static HeldSlot slot(int subtasks, Random random) {
        return new HeldSlot(
                new AllocationID(),
                GROUP,
                IntStream.range(0, subtasks)
                        .mapToObj(
                                vertex ->
                                        new ExecutionVertexID(
                                                new JobVertexID(1, vertex), random.nextInt(9)))
                        .toList());
    }
}
