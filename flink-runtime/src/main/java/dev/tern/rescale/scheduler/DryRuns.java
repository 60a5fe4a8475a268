package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.StepAccounting;
import dev.tern.rescale.plan.Move;
import dev.tern.rescale.request.DryRunReport;
import dev.tern.rescale.request.Resolution;
import dev.tern.rescale.request.VertexView;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts a plan into the words of a dry run. */
final class DryRuns {

    private DryRuns() {}

    static DryRunReport report(
            Resolution.Resolved target,
            List<Move> moves,
            long bytesMinimal,
            Map<Integer, Long> keyGroupBytes,
            int slotsNeeded,
            List<VertexView> views) {
        return new DryRunReport(
                target.first().vertexId(),
                target.first().vertexName(),
                target.first().from(),
                target.first().to(),
                target.together(),
                target.strategy(),
                target.placement(),
                target.mode(),
                target.reason(),
                grouped(moves, keyGroupBytes),
                bytesMinimal,
                slotsNeeded,
                views.stream().map(DryRunReport.VertexObstacles::of).toList());
    }

    private static List<DryRunReport.Move> grouped(
            List<Move> moves, Map<Integer, Long> keyGroupBytes) {
        Map<Integer, Map<Integer, List<Move>>> byPair = new TreeMap<>();
        for (Move move : moves) {
            byPair.computeIfAbsent(move.from(), ignored -> new TreeMap<>())
                    .computeIfAbsent(move.to(), ignored -> new ArrayList<>())
                    .add(move);
        }
        List<DryRunReport.Move> grouped = new ArrayList<>();
        byPair.forEach(
                (from, byTarget) ->
                        byTarget.forEach(
                                (to, pair) ->
                                        grouped.add(
                                                new DryRunReport.Move(
                                                        from,
                                                        to,
                                                        pair.stream().map(Move::keyGroup).toList(),
                                                        StepAccounting.bytesOf(
                                                                pair, keyGroupBytes)))));
        return grouped;
    }
}
