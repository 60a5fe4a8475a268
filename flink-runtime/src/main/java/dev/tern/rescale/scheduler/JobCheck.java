package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.Inspection;
import dev.tern.rescale.coordinate.RescaleException;
import dev.tern.rescale.request.CheckReport;
import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.VertexView;

import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.util.concurrent.FutureUtils;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Asks of every vertex what a request for it would be answered: first the shape of the job, then,
 * where that says nothing, the tasks. JobMaster main thread.
 */
final class JobCheck {

    private final Inspections inspections;

    JobCheck(Inspections inspections) {
        this.inspections = inspections;
    }

    CompletableFuture<CoordinationResponse> of(List<VertexView> views) {
        List<CompletableFuture<CheckReport.VertexCheck>> checks = new ArrayList<>();
        for (VertexView view : views) {
            List<VertexView> together =
                    views.stream().filter(other -> view.together().contains(other.id())).toList();
            checks.add(check(view, together));
        }
        return FutureUtils.combineAll(checks)
                .thenApply(
                        all -> new RescaleAnswer.CheckAnswer(new CheckReport(List.copyOf(all))));
    }

    private CompletableFuture<CheckReport.VertexCheck> check(
            VertexView view, List<VertexView> together) {
        if (!view.isLive()) {
            return CompletableFuture.completedFuture(
                    CheckReport.VertexCheck.of(view, together, List.of(), List.of()));
        }
        return told(view, together, false)
                .thenCombine(
                        told(view, together, true),
                        (more, fewer) -> CheckReport.VertexCheck.of(view, together, more, fewer));
    }

    private CompletableFuture<List<String>> told(
            VertexView view, List<VertexView> together, boolean retiring) {
        List<CompletableFuture<List<String>>> told = new ArrayList<>();
        told.add(told(view, retiring));
        together.forEach(
                other ->
                        told.add(
                                told(other, retiring)
                                        .thenApply(sentences -> ofOther(other, sentences))));
        return FutureUtils.combineAll(told)
                .thenApply(all -> all.stream().flatMap(List::stream).toList());
    }

    private static List<String> ofOther(VertexView other, List<String> sentences) {
        return sentences.stream()
                .map(
                        sentence ->
                                String.format(
                                        "\"%s\" can only be rescaled with it: %s",
                                        other.name(), sentence))
                .toList();
    }

    /** What the tasks say, as sentences; that one does not answer counts as such. */
    private CompletableFuture<List<String>> told(VertexView view, boolean retiring) {
        return inspections
                .of(view.id(), subtask -> retiring)
                .thenApply(Inspection::obstacles)
                .exceptionally(
                        failure -> List.of(RescaleException.of(failure).getMessage() + "."));
    }
}
