package dev.tern.rescale.request;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * What a rescale would do, without doing it.
 *
 * @param vertexId the vertex: 32 hexadecimal digits
 * @param vertexName its name
 * @param from parallelism now
 * @param to wanted parallelism
 * @param together names of the other vertices that would get the same parallelism, since they can
 *     only be rescaled together
 * @param strategy how key groups would be migrated
 * @param placement who would get them
 * @param mode whether the job would keep running
 * @param reason why it would have to be restarted, a sentence; empty for {@link RescaleMode#LIVE}
 * @param moves what would move, by (from, to)
 * @param bytesMinimal bytes that the best balanced placement would move, or {@link
 *     #UNKNOWN_BYTES}
 * @param slotsNeeded slots that are needed on top of those the job holds
 * @param vertices every vertex of the job with what keeps it from being rescaled live
 */
public record DryRunReport(
        String vertexId,
        String vertexName,
        int from,
        int to,
        List<String> together,
        String strategy,
        String placement,
        RescaleMode mode,
        String reason,
        List<Move> moves,
        long bytesMinimal,
        int slotsNeeded,
        List<VertexObstacles> vertices)
        implements Serializable {

    /** A number of bytes that could not be measured. */
    public static final long UNKNOWN_BYTES = -1L;

    public DryRunReport {
        Objects.requireNonNull(vertexId, "vertexId");
        Objects.requireNonNull(vertexName, "vertexName");
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(placement, "placement");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(reason, "reason");
        together = List.copyOf(together);
        moves = List.copyOf(moves);
        vertices = List.copyOf(vertices);
    }

    /** Key groups that would change their owner. */
    public int keyGroupsMoved() {
        return moves.stream().mapToInt(move -> move.keyGroups().size()).sum();
    }

    /** Bytes that would move, or {@link #UNKNOWN_BYTES} if that of any move is unknown. */
    public long bytesMoved() {
        return moves.stream().anyMatch(move -> move.bytes() == UNKNOWN_BYTES)
                ? UNKNOWN_BYTES
                : moves.stream().mapToLong(Move::bytes).sum();
    }

    /**
     * Key groups that go from one subtask to another.
     *
     * @param fromSubtask index of the old owner
     * @param toSubtask index of the new owner
     * @param keyGroups key groups in ascending order
     * @param bytes bytes of their state, or {@link #UNKNOWN_BYTES}
     */
    public record Move(int fromSubtask, int toSubtask, List<Integer> keyGroups, long bytes)
            implements Serializable {
        public Move {
            keyGroups = List.copyOf(keyGroups);
        }
    }

    /**
     * What keeps a vertex from being rescaled live.
     *
     * @param vertexId 32 hexadecimal digits
     * @param vertexName its name
     * @param parallelism number of its subtasks
     * @param obstacles each a clause that follows "it"; empty if it can be rescaled live
     */
    public record VertexObstacles(
            String vertexId, String vertexName, int parallelism, List<String> obstacles)
            implements Serializable {
        public VertexObstacles {
            obstacles = List.copyOf(obstacles);
        }

        /** The same facts as the request was checked against. */
        public static VertexObstacles of(VertexView vertex) {
            return new VertexObstacles(
                    vertex.id(), vertex.name(), vertex.parallelism(), vertex.obstacles());
        }
    }
}
