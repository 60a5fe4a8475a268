package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.Ownership;

import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One of the vertices that a rescale changes. JobMaster main thread. */
public final class VertexChange {

    private final VertexTasks vertex;
    private final Ownership before;
    private final Ownership after;

    public VertexChange(VertexTasks vertex, Ownership before, Ownership after) {
        this.vertex = vertex;
        this.before = before;
        this.after = after;
    }

    VertexTasks vertex() {
        return vertex;
    }

    ExecutionJobVertex jobVertex() {
        return vertex.jobVertex();
    }

    Ownership before() {
        return before;
    }

    Ownership after() {
        return after;
    }

    /** Parallelism before. */
    int from() {
        return before.parallelism();
    }

    /** Wanted parallelism. */
    int to() {
        return after.parallelism();
    }

    boolean grows() {
        return to() > from();
    }

    boolean shrinks() {
        return to() < from();
    }

    Routing routing() {
        return Routing.of(jobVertex().getJobVertex());
    }

    /** Whether key groups have owners. */
    boolean isKeyed() {
        return vertex.isKeyed();
    }

    /** While all subtasks are there, if nothing has an owner. */
    Ownership all() {
        return Ownership.contiguous(before.keyGroups(), Math.max(from(), to()));
    }

    /** The subtasks that were there before. */
    List<ExecutionVertex> old() {
        return vertex.subtasks(0, from());
    }

    /** The subtasks that are new; none before the graph has grown. */
    List<ExecutionVertex> added() {
        return vertex.subtasks(from(), Math.max(from(), vertex.parallelism()));
    }

    /** The subtasks that are to end. */
    List<ExecutionVertex> retiring() {
        return vertex.subtasks(Math.min(to(), vertex.parallelism()), vertex.parallelism());
    }

    boolean isRetiring(ExecutionVertex task) {
        return task.getJobVertex() == jobVertex() && task.getParallelSubtaskIndex() >= to();
    }

    boolean isAdded(ExecutionVertex task) {
        return task.getJobVertex() == jobVertex() && task.getParallelSubtaskIndex() >= from();
    }

    /** Those that pointwise edges connect, together; each list in the order of the argument. */
    static List<List<VertexChange>> groups(List<VertexChange> changes) {
        Map<Set<JobVertexID>, List<VertexChange>> groups = new LinkedHashMap<>();
        for (VertexChange change : changes) {
            groups.computeIfAbsent(
                            PointwiseGroup.of(change.jobVertex().getJobVertex()),
                            ignored -> new ArrayList<>())
                    .add(change);
        }
        return List.copyOf(groups.values());
    }

    /** Which subtasks come or go, for log lines. */
    private String differenceText() {
        return String.format(
                "%s %d to %d",
                jobVertex().getName(), Math.min(from(), to()), Math.max(from(), to()) - 1);
    }

    /** The same for several vertices. */
    static String differenceText(List<VertexChange> changes) {
        return changes.stream()
                .map(VertexChange::differenceText)
                .collect(Collectors.joining(", ", "subtasks of ", ""));
    }
}
