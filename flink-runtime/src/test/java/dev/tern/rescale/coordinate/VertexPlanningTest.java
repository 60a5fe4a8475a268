package dev.tern.rescale.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.plan.MigrationView;
import dev.tern.rescale.plan.Move;
import dev.tern.rescale.plan.Ownership;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

class VertexPlanningTest {

    private static final Ownership BEFORE = Ownership.of(2, new int[] {0, 0, 1, 1});
    private static final Ownership AFTER = Ownership.of(2, new int[] {1, 1, 0, 1});

    @Test
    void theSchedulerSeesWhatMovesWithSizesAndProcesses() {
        AtomicReference<MigrationView> seen = new AtomicReference<>();
        VertexPlanning planning =
                new VertexPlanning(
                        BEFORE, AFTER, Map.of(0, 5L, 1, 7L, 2, 11L), Map.of(0, "a", 1, "b"));
        VertexPlanning.Planned planned =
                planning.plan(
                        view -> {
                            seen.set(view);
                            return view.moves().stream().map(List::of).toList();
                        });
        assertThat(seen.get().moves())
                .containsExactly(new Move(0, 0, 1), new Move(1, 0, 1), new Move(2, 1, 0));
        assertThat(seen.get().totalBytes()).isEqualTo(23);
        assertThat(seen.get().processes()).containsOnly(Map.entry(0, "a"), Map.entry(1, "b"));
        assertThat(planned.steps().batches()).hasSize(3);
        assertThat(planned.steps().after(3).toTable()).isEqualTo(AFTER.toTable());
        // Balanced as it is: nothing would have had to move.
        assertThat(planned.bytesMinimal()).isZero();
    }

    /** It is planned in another thread than it is gathered in. */
    @Test
    void whatChangesAfterwardsIsNotSeen() {
        Map<Integer, Long> bytes = new HashMap<>(Map.of(0, 5L));
        Map<Integer, String> processes = new HashMap<>(Map.of(0, "a"));
        VertexPlanning planning = new VertexPlanning(BEFORE, AFTER, bytes, processes);
        bytes.clear();
        processes.clear();
        assertThat(planning.keyGroupBytes()).containsOnly(Map.entry(0, 5L));
        assertThat(planning.processes()).containsOnly(Map.entry(0, "a"));
    }
}
