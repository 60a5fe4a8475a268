package dev.tern.rescale.coordinate;

import static dev.tern.rescale.coordinate.UndoAction.CANCEL_SUBTASKS;
import static dev.tern.rescale.coordinate.UndoAction.DROP_CHANNELS;
import static dev.tern.rescale.coordinate.UndoAction.DROP_SUBPARTITIONS;
import static dev.tern.rescale.coordinate.UndoAction.FORGET_MIGRATION;
import static dev.tern.rescale.coordinate.UndoAction.SHRINK_GRAPH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleState;

import org.junit.jupiter.api.Test;

class UndoActionTest {

    @Test
    void nothingIsTakenBackOfWhatHasNotHappened() {
        assertThat(UndoAction.of(RescaleState.PREFLIGHT, false)).isEmpty();
        assertThat(UndoAction.of(RescaleState.QUIESCE, false)).isEmpty();
        assertThat(UndoAction.of(RescaleState.RESIZE_GRAPH, false)).isEmpty();
    }

    @Test
    void aScaleInOnlyHasToForget() {
        assertThat(UndoAction.of(RescaleState.PREPARE_OWNERS, false))
                .containsExactly(FORGET_MIGRATION);
    }

    @Test
    void growthIsTakenBackFromTheEnd() {
        assertThat(UndoAction.of(RescaleState.RESERVE_SLOTS, true))
                .containsExactly(CANCEL_SUBTASKS, SHRINK_GRAPH);
        assertThat(UndoAction.of(RescaleState.GROW_UPSTREAM, true))
                .containsExactly(CANCEL_SUBTASKS, DROP_SUBPARTITIONS, SHRINK_GRAPH);
        assertThat(UndoAction.of(RescaleState.DEPLOY, true))
                .containsExactly(CANCEL_SUBTASKS, DROP_SUBPARTITIONS, SHRINK_GRAPH);
        assertThat(UndoAction.of(RescaleState.GROW_DOWNSTREAM, true))
                .containsExactly(
                        DROP_CHANNELS, CANCEL_SUBTASKS, DROP_SUBPARTITIONS, SHRINK_GRAPH);
        assertThat(UndoAction.of(RescaleState.PREPARE_OWNERS, true))
                .containsExactly(
                        FORGET_MIGRATION,
                        DROP_CHANNELS,
                        CANCEL_SUBTASKS,
                        DROP_SUBPARTITIONS,
                        SHRINK_GRAPH);
    }
}
