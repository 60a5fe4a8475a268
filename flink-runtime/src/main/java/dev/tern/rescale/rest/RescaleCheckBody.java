package dev.tern.rescale.rest;

import org.apache.flink.runtime.rest.messages.ResponseBody;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import dev.tern.rescale.request.CheckReport;

import java.util.List;

/**
 * What could be rescaled; the JSON form of {@link CheckReport}.
 *
 * @param vertices all vertices of the job
 */
public record RescaleCheckBody(@JsonProperty("vertices") List<Vertex> vertices)
        implements ResponseBody {

    /** Puts a report into this form. */
    public static RescaleCheckBody of(CheckReport report) {
        return new RescaleCheckBody(report.vertices().stream().map(Vertex::of).toList());
    }

    /** The report this was made from. */
    public CheckReport toReport() {
        return new CheckReport(vertices.stream().map(Vertex::toCheck).toList());
    }

    /** One vertex, with those that can only be rescaled with it, and with what more and what fewer subtasks would mean. */
    public record Vertex(
            @JsonProperty("id") String id,
            @JsonProperty("name") String name,
            @JsonProperty("parallelism") int parallelism,
            @JsonProperty("maxParallelism") int maxParallelism,
            @JsonProperty("together") List<String> together,
            @JsonProperty("more") Direction more,
            @JsonProperty("fewer") Direction fewer) {

        private static Vertex of(CheckReport.VertexCheck vertex) {
            return new Vertex(
                    vertex.vertexId(),
                    vertex.vertexName(),
                    vertex.parallelism(),
                    vertex.maxParallelism(),
                    vertex.together(),
                    Direction.of(vertex.more()),
                    Direction.of(vertex.fewer()));
        }

        private CheckReport.VertexCheck toCheck() {
            return new CheckReport.VertexCheck(
                    id,
                    name,
                    parallelism,
                    maxParallelism,
                    together,
                    more.toDirection(),
                    fewer.toDirection());
        }
    }

    /** A verdict, {@code LIVE}, {@code RESTART} or {@code REFUSED}, with the reasons for it. */
    public record Direction(
            @JsonProperty("verdict") CheckReport.Verdict verdict,
            @JsonProperty("reasons") List<String> reasons) {

        private static Direction of(CheckReport.Direction direction) {
            return new Direction(direction.verdict(), direction.reasons());
        }

        private CheckReport.Direction toDirection() {
            return new CheckReport.Direction(verdict, reasons);
        }
    }
}
