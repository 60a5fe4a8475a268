package dev.tern.rescale.request;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * What could be done with the parallelism of each vertex of a job, without doing it.
 *
 * @param vertices all vertices, in topological order
 */
public record CheckReport(List<VertexCheck> vertices) implements Serializable {

    public CheckReport {
        vertices = List.copyOf(vertices);
    }

    /** What a change of parallelism would mean. */
    public enum Verdict {
        /** The job keeps running. */
        LIVE,
        /** The job restarts from its last checkpoint. */
        RESTART,
        /** There is no other parallelism. */
        REFUSED
    }

    /**
     * One direction of a change.
     *
     * @param verdict what it would mean
     * @param reasons why it is not live, in sentences; empty for {@link Verdict#LIVE}
     */
    public record Direction(Verdict verdict, List<String> reasons) implements Serializable {
        public Direction {
            Objects.requireNonNull(verdict, "verdict");
            reasons = List.copyOf(reasons);
        }

        private static Direction of(List<String> obstacles) {
            return new Direction(obstacles.isEmpty() ? Verdict.LIVE : Verdict.RESTART, obstacles);
        }

        private static Direction refused(String format, Object... arguments) {
            return new Direction(Verdict.REFUSED, List.of(String.format(format, arguments)));
        }
    }

    /**
     * A vertex.
     *
     * @param vertexId 32 hexadecimal digits
     * @param vertexName its name
     * @param parallelism number of its subtasks
     * @param maxParallelism number of its key groups
     * @param together names of the other vertices that can only be rescaled with it
     * @param more what more subtasks would mean
     * @param fewer what fewer subtasks would mean
     */
    public record VertexCheck(
            String vertexId,
            String vertexName,
            int parallelism,
            int maxParallelism,
            List<String> together,
            Direction more,
            Direction fewer)
            implements Serializable {

        public VertexCheck {
            together = List.copyOf(together);
        }

        /**
         * Judges a vertex by the same facts as a request.
         *
         * @param together the other vertices that can only be rescaled with it
         * @param toldOfMore what the tasks have against more subtasks, in sentences
         * @param toldOfFewer what they have against fewer
         */
        public static VertexCheck of(
                VertexView vertex,
                List<VertexView> together,
                List<String> toldOfMore,
                List<String> toldOfFewer) {
            Direction shape = Direction.of(vertex.obstacles().stream().map(o -> "It " + o + ".").toList());
            boolean live = vertex.isLive();
            Direction more = live ? Direction.of(toldOfMore) : shape;
            Direction fewer = live ? Direction.of(toldOfFewer) : shape;
            for (VertexView member : together) {
                if (member.parallelism() >= member.maxParallelism()) {
                    more =
                            Direction.refused(
                                    "\"%s\", which can only be rescaled with it, has its maximum"
                                            + " parallelism of %d, which is fixed when a job"
                                            + " starts.",
                                    member.name(), member.maxParallelism());
                }
            }
            if (vertex.parallelism() >= vertex.maxParallelism()) {
                more =
                        Direction.refused(
                                "It has its maximum parallelism of %d, which is fixed when a job"
                                        + " starts.",
                                vertex.maxParallelism());
            }
            if (vertex.parallelism() == 1) {
                fewer = Direction.refused("It has one subtask.");
            }
            return new VertexCheck(
                    vertex.id(),
                    vertex.name(),
                    vertex.parallelism(),
                    vertex.maxParallelism(),
                    together.stream().map(VertexView::name).toList(),
                    more,
                    fewer);
        }
    }
}
