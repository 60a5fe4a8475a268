package dev.tern.rescale.rest;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import dev.tern.rescale.request.DryRunReport;
import dev.tern.rescale.request.RescaleMode;

import java.util.List;

/**
 * What a rescale would do; the JSON form of {@link DryRunReport}. Bytes are -1 if unknown.
 *
 * @param vertex name of the vertex
 * @param vertexId its id
 * @param from parallelism now
 * @param to wanted parallelism
 * @param together names of the vertices that can only be rescaled with it
 * @param strategy how key groups would be migrated
 * @param placement who would get them
 * @param mode {@code LIVE} or {@code RESTART}
 * @param reason why the job would have to be restarted
 * @param moves what would move
 * @param keyGroupsMoved how many key groups would move
 * @param bytesMoved how many bytes would move
 * @param bytesMinimal how many bytes the best balanced placement would move
 * @param slotsNeeded slots that are needed on top of those the job holds
 * @param vertices every vertex with what keeps it from being rescaled live
 */
public record RescalePlanBody(
        @JsonProperty("vertex") String vertex,
        @JsonProperty("vertexId") String vertexId,
        @JsonProperty("from") int from,
        @JsonProperty("to") int to,
        @JsonProperty("together") List<String> together,
        @JsonProperty("strategy") String strategy,
        @JsonProperty("placement") String placement,
        @JsonProperty("mode") RescaleMode mode,
        @JsonProperty("reason") String reason,
        @JsonProperty("moves") List<Move> moves,
        @JsonProperty("keyGroupsMoved") int keyGroupsMoved,
        @JsonProperty("bytesMoved") long bytesMoved,
        @JsonProperty("bytesMinimal") long bytesMinimal,
        @JsonProperty("slotsNeeded") int slotsNeeded,
        @JsonProperty("vertices") List<Vertex> vertices)
        implements RescaleSubmitResponseBody {

    static RescalePlanBody of(DryRunReport report) {
        return new RescalePlanBody(
                report.vertexName(),
                report.vertexId(),
                report.from(),
                report.to(),
                report.together(),
                report.strategy(),
                report.placement(),
                report.mode(),
                report.reason(),
                report.moves().stream().map(Move::of).toList(),
                report.keyGroupsMoved(),
                report.bytesMoved(),
                report.bytesMinimal(),
                report.slotsNeeded(),
                report.vertices().stream().map(Vertex::of).toList());
    }

    /** The report this was made from. */
    public DryRunReport toReport() {
        return new DryRunReport(
                vertexId,
                vertex,
                from,
                to,
                together,
                strategy,
                placement,
                mode,
                reason,
                moves.stream().map(Move::toMove).toList(),
                bytesMinimal,
                slotsNeeded,
                vertices.stream().map(Vertex::toObstacles).toList());
    }

    /** Key groups that go from one subtask to another. */
    public record Move(
            @JsonProperty("from") int from,
            @JsonProperty("to") int to,
            @JsonProperty("keyGroups") List<Integer> keyGroups,
            @JsonProperty("bytes") long bytes) {

        private static Move of(DryRunReport.Move move) {
            return new Move(
                    move.fromSubtask(), move.toSubtask(), move.keyGroups(), move.bytes());
        }

        private DryRunReport.Move toMove() {
            return new DryRunReport.Move(from, to, keyGroups, bytes);
        }
    }

    /** What keeps a vertex from being rescaled live. */
    public record Vertex(
            @JsonProperty("id") String id,
            @JsonProperty("name") String name,
            @JsonProperty("parallelism") int parallelism,
            @JsonProperty("obstacles") List<String> obstacles) {

        private static Vertex of(DryRunReport.VertexObstacles vertex) {
            return new Vertex(
                    vertex.vertexId(),
                    vertex.vertexName(),
                    vertex.parallelism(),
                    vertex.obstacles());
        }

        private DryRunReport.VertexObstacles toObstacles() {
            return new DryRunReport.VertexObstacles(id, name, parallelism, obstacles);
        }
    }
}
