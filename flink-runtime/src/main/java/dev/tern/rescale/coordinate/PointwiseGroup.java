package dev.tern.rescale.coordinate;

import org.apache.flink.runtime.jobgraph.IntermediateDataSet;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The vertices that can only be rescaled together, since pointwise edges connect their subtasks. A
 * vertex without such edges is a group of one. Pure.
 */
public final class PointwiseGroup {

    private PointwiseGroup() {}

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
