package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.Ownership;

import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;

import java.util.List;
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

    /** Whether key groups have owners; else any subtask may process any record. */
    boolean isKeyed() {
        return !LiveObstacles.isSpread(jobVertex());
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

    boolean isAdded(ExecutionVertex task) {
        return task.getJobVertex() == jobVertex() && task.getParallelSubtaskIndex() >= from();
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
