package dev.tern.client.cli;

import dev.tern.rescale.request.CheckReport.Verdict;
import dev.tern.rescale.request.DryRunReport;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.request.RescaleTrigger;
import dev.tern.rescale.rest.RescaleCheckBody;
import dev.tern.rescale.rest.RescaleDetailsBody;
import dev.tern.rescale.rest.RescalePlanBody;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Answers of a cluster, for tests. */
final class Bodies {

    static final String ID = "0123456789abcdef0123456789abcdef";

    private static final long START = 1_000_000L;

    private Bodies() {}

    /** A rescale from 2 to 4 in which each state lasted 100 ms; the last one is open. */
    static RescaleDetailsBody running(RescaleState... states) {
        return body(RescaleMode.LIVE, "", RescaleOutcome.IN_PROGRESS, null, states);
    }

    static RescaleDetailsBody ended(
            RescaleMode mode,
            String reason,
            RescaleOutcome outcome,
            String error,
            RescaleState... states) {
        return body(mode, reason, outcome, error, states);
    }

    static RescaleDetailsBody completed() {
        return body(
                RescaleMode.LIVE,
                "",
                RescaleOutcome.COMPLETED,
                null,
                RescaleState.PREFLIGHT,
                RescaleState.MIGRATE,
                RescaleState.COMPLETED);
    }

    static RescaleCheckBody check() {
        RescaleCheckBody.Direction source =
                new RescaleCheckBody.Direction(Verdict.RESTART, List.of("It is a source."));
        return new RescaleCheckBody(
                List.of(
                        new RescaleCheckBody.Vertex(ID, "Source", 2, 64, List.of(), source, source),
                        new RescaleCheckBody.Vertex(
                                ID,
                                "Counter",
                                64,
                                64,
                                List.of("Writer"),
                                new RescaleCheckBody.Direction(
                                        Verdict.REFUSED, List.of("It is full.")),
                                new RescaleCheckBody.Direction(Verdict.LIVE, List.of()))));
    }

    static RescalePlanBody plan() {
        return new RescalePlanBody(
                "Counter",
                "0a",
                2,
                4,
                List.of(),
                "aligned",
                "minimal",
                RescaleMode.LIVE,
                "",
                List.of(
                        new RescalePlanBody.Move(0, 2, List.of(0, 1, 2, 5), 2048),
                        new RescalePlanBody.Move(1, 3, List.of(9), DryRunReport.UNKNOWN_BYTES)),
                5,
                DryRunReport.UNKNOWN_BYTES,
                1024,
                2,
                List.of(
                        new RescalePlanBody.Vertex("01", "Source", 2, List.of("is a source")),
                        new RescalePlanBody.Vertex("0a", "Counter", 2, List.of())));
    }

    /** A rescale of these vertices that has just begun. */
    static RescaleDetailsBody of(Map<String, RescaleDetailsBody.Vertex> vertices) {
        return body(
                vertices,
                RescaleMode.LIVE,
                "",
                RescaleOutcome.IN_PROGRESS,
                null,
                RescaleState.PREFLIGHT);
    }

    private static RescaleDetailsBody body(
            RescaleMode mode,
            String reason,
            RescaleOutcome outcome,
            String error,
            RescaleState... states) {
        return body(
                Map.of("0a", new RescaleDetailsBody.Vertex("0a", "Counter", 4, 2, null)),
                mode,
                reason,
                outcome,
                error,
                states);
    }

    private static RescaleDetailsBody body(
            Map<String, RescaleDetailsBody.Vertex> vertices,
            RescaleMode mode,
            String reason,
            RescaleOutcome outcome,
            String error,
            RescaleState... states) {
        List<RescaleDetailsBody.Span> spans = new ArrayList<>();
        for (int i = 0; i < states.length; i++) {
            boolean open = i == states.length - 1 && !states[i].isTerminal();
            spans.add(
                    new RescaleDetailsBody.Span(
                            states[i],
                            START + 100L * i,
                            open ? null : START + 100L * (i + 1),
                            100,
                            null));
        }
        return new RescaleDetailsBody(
                ID,
                vertices,
                spans,
                START,
                null,
                null,
                RescaleTrigger.UPDATE_REQUIREMENT,
                null,
                ID,
                "Counter",
                "0a",
                2,
                4,
                "aligned",
                Map.of(),
                "minimal",
                mode,
                outcome,
                states[states.length - 1],
                reason,
                64,
                3 * 1024 * 1024,
                1024,
                100L * states.length,
                7,
                0,
                0,
                0,
                error);
    }
}
