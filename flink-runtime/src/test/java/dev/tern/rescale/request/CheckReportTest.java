package dev.tern.rescale.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.CheckReport.Direction;
import dev.tern.rescale.request.CheckReport.Verdict;
import dev.tern.rescale.request.CheckReport.VertexCheck;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What is said of a vertex, from its shape and from what its tasks told. */
class CheckReportTest {

    @Test
    void withoutObstaclesBothDirectionsAreLive() {
        VertexCheck check = VertexCheck.of(vertex(2), List.of(), List.of(), List.of());
        assertThat(check.more()).isEqualTo(new Direction(Verdict.LIVE, List.of()));
        assertThat(check.fewer()).isEqualTo(check.more());
    }

    @Test
    void whatTheShapeSaysHoldsForBothDirections() {
        VertexCheck check = VertexCheck.of(vertex(2, "is a source"), List.of(), List.of(), List.of());
        assertThat(check.more())
                .isEqualTo(new Direction(Verdict.RESTART, List.of("It is a source.")));
        assertThat(check.fewer()).isEqualTo(check.more());
    }

    @Test
    void whatTheTasksSayMayHoldForOneDirectionOnly() {
        VertexCheck check = VertexCheck.of(vertex(2), List.of(), List.of(), List.of("It has a list."));
        assertThat(check.more().verdict()).isEqualTo(Verdict.LIVE);
        assertThat(check.fewer())
                .isEqualTo(new Direction(Verdict.RESTART, List.of("It has a list.")));
    }

    @Test
    void whatIsFullOrSingleIsRefused() {
        VertexCheck full = VertexCheck.of(vertex(64), List.of(), List.of(), List.of());
        assertThat(full.more().verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(full.more().reasons().get(0)).contains("maximum parallelism of 64");
        assertThat(full.fewer().verdict()).isEqualTo(Verdict.LIVE);
        VertexCheck single = VertexCheck.of(vertex(1, "is a source"), List.of(), List.of(), List.of());
        assertThat(single.fewer().verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(single.more().verdict()).isEqualTo(Verdict.RESTART);
    }

    @Test
    void whatIsRescaledTogetherHasOneMaximum() {
        VertexView full = new VertexView("0b", "Writer", 2, 2, List.of());
        VertexCheck check = VertexCheck.of(vertex(2), List.of(full), List.of(), List.of());
        assertThat(check.together()).containsExactly("Writer");
        assertThat(check.more().verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(check.more().reasons())
                .containsExactly(
                        "\"Writer\", which can only be rescaled with it, has its maximum parallelism"
                                + " of 2, which is fixed when a job starts.");
        assertThat(check.fewer().verdict()).isEqualTo(Verdict.LIVE);
    }

    private static VertexView vertex(int parallelism, String... obstacles) {
        return new VertexView(Rescales.VERTEX_ID, "Counter", parallelism, 64, List.of(obstacles));
    }
}
