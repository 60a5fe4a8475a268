package dev.tern.rescale.coordinate;

import org.apache.flink.runtime.jobgraph.IntermediateDataSet;
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

    /** All members, the given one among them. */
    public static Set<JobVertexID> of(JobVertex member) {
        Set<JobVertexID> members = new LinkedHashSet<>();
        Deque<JobVertex> found = new ArrayDeque<>();
        found.add(member);
        while (!found.isEmpty()) {
            JobVertex next = found.poll();
            if (members.add(next.getID())) {
                for (JobEdge input : next.getInputs()) {
                    if (Routing.isPointwise(input)) {
                        found.add(input.getSource().getProducer());
                    }
                }
                for (IntermediateDataSet result : next.getProducedDataSets()) {
                    for (JobEdge output : result.getConsumers()) {
                        if (Routing.isPointwise(output)) {
                            found.add(output.getTarget());
                        }
                    }
                }
            }
        }
        return members;
    }
}
