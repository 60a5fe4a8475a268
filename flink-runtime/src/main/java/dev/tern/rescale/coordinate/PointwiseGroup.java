package dev.tern.rescale.coordinate;

import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The vertices that can only be rescaled together, since pointwise edges connect their subtasks. A
 * vertex without such edges is a group of one. Pure.
 */
public final class PointwiseGroup {

    /** How many subtasks a member is to have. */
    public record Size(String vertex, int parallelism) {}

    private PointwiseGroup() {}

    /** Why a group cannot have these sizes while it runs, as a sentence. */
    public static Optional<String> torn(List<Size> group) {
        return group.stream().map(Size::parallelism).distinct().count() <= 1
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                "Vertices that pointwise edges connect can only be rescaled together"
                                        + " while they run, to one parallelism, and wanted are %s.",
                                group.stream()
                                        .map(s -> s.parallelism() + " of \"" + s.vertex() + '"')
                                        .collect(Collectors.joining(", "))));
    }

    /** Ids of all members, the given one among them. */
    public static Set<JobVertexID> of(JobVertex member) {
        return members(member).stream()
                .map(JobVertex::getID)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** All members, the given one first. */
    public static Set<JobVertex> members(JobVertex member) {
        Set<JobVertex> members = new LinkedHashSet<>();
        Deque<JobVertex> found = new ArrayDeque<>();
        found.add(member);
        while (!found.isEmpty()) {
            JobVertex next = found.poll();
            if (members.add(next)) {
                for (JobEdge edge : edges(next)) {
                    found.add(edge.getSource().getProducer());
                    found.add(edge.getTarget());
                }
            }
        }
        return members;
    }

    /** The pointwise edges that a vertex reads from or writes to. */
    static List<JobEdge> edges(JobVertex vertex) {
        return Stream.concat(
                        vertex.getInputs().stream(),
                        vertex.getProducedDataSets().stream()
                                .flatMap(result -> result.getConsumers().stream()))
                .filter(Routing::isPointwise)
                .toList();
    }
}
