package dev.tern.rescale.coordinate;

import dev.tern.rescale.graph.ExecutionGraphResizer;

import org.apache.flink.runtime.JobException;

/** Changes the number of subtasks in the execution graph, and tells everyone who looks at it. */
public final class VertexGraph {

    private final VertexTasks vertex;
    private final ExecutionGraphResizer resizer;
    private final CheckpointGate gate;
    private final Surroundings surroundings;

    /**
     * @param gate null when the job takes no checkpoints
     */
    public VertexGraph(
            VertexTasks vertex,
            ExecutionGraphResizer resizer,
            CheckpointGate gate,
            Surroundings surroundings) {
        this.vertex = vertex;
        this.resizer = resizer;
        this.gate = gate;
        this.surroundings = surroundings;
    }

    void grow(int parallelism) {
        try {
            resizer.grow(
                    vertex.jobVertex(),
                    parallelism,
                    subtask -> surroundings.nextAttempt(vertex, subtask));
        } catch (JobException e) {
            throw cannotResize(e);
        }
        changed();
    }

    void shrink(int parallelism) {
        try {
            resizer.shrink(vertex.jobVertex(), parallelism);
        } catch (JobException e) {
            throw cannotResize(e);
        }
        changed();
    }

    /** See {@link CheckpointGate#lastCheckpoint}. */
    long lastCheckpoint() {
        return gate == null ? CheckpointGate.NO_CHECKPOINT : gate.lastCheckpoint();
    }

    private void changed() {
        vertex.refresh();
        if (gate != null) {
            gate.rebuild();
        }
    }

    private static RescaleException cannotResize(JobException cause) {
        return new RescaleException("The execution graph cannot be resized", cause);
    }
}
