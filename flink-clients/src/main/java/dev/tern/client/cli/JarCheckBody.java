package dev.tern.client.cli;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonUnwrapped;

import dev.tern.client.check.JarReport;
import dev.tern.rescale.request.CheckReport;
import dev.tern.rescale.rest.RescaleCheckBody;

import java.util.ArrayList;
import java.util.List;

/**
 * The JSON form of a {@link JarReport}: vertices are as in the answer about a running job, with the
 * questions that only a running job answers.
 *
 * @param job name of the job
 * @param vertices all vertices of the job
 */
record JarCheckBody(
        @JsonProperty("job") String job, @JsonProperty("vertices") List<Vertex> vertices) {

    /** A vertex. */
    record Vertex(
            @JsonUnwrapped RescaleCheckBody.Vertex vertex,
            @JsonProperty("openQuestions") List<String> openQuestions) {}

    static JarCheckBody of(JarReport report) {
        List<RescaleCheckBody.Vertex> checks =
                RescaleCheckBody.of(
                                new CheckReport(
                                        report.vertices().stream()
                                                .map(JarReport.PlannedVertex::check)
                                                .toList()))
                        .vertices();
        List<Vertex> vertices = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            vertices.add(new Vertex(checks.get(i), report.vertices().get(i).openQuestions()));
        }
        return new JarCheckBody(report.job(), vertices);
    }
}
