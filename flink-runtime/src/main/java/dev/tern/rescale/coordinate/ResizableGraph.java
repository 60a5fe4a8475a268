package dev.tern.rescale.coordinate;

import dev.tern.rescale.graph.ExecutionGraphResizer;

import org.apache.flink.runtime.JobException;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Changes the number of subtasks in the execution graph, and tells everyone who looks at it. */
public final class ResizableGraph {

    private final ExecutionGraphResizer resizer;
    private final CheckpointGate gate;
    private final Surroundings surroundings;

    /**
     * @param gate null when the job takes no checkpoints
     */
    public ResizableGraph(
            ExecutionGraphResizer resizer, CheckpointGate gate, Surroundings surroundings) {
        this.resizer = resizer;
        this.gate = gate;
        this.surroundings = surroundings;
    }

    /** The vertices get their wanted number of subtasks, all in one go. */
    void grow(List<VertexChange> changes) {
        try {
            resizer.grow(sizes(changes, VertexChange::to), surroundings::nextAttempt);
        } catch (JobException e) {
            throw cannotResize(e);
        }
        changed(changes);
    }

    /** The last subtasks of the vertices go, all in one go. */
    void shrink(List<VertexChange> changes, ToIntFunction<VertexChange> parallelism) {
        try {
            resizer.shrink(sizes(changes, parallelism));
        } catch (JobException e) {
            throw cannotResize(e);
        }
        changed(changes);
    }

    /** See {@link CheckpointGate#lastCheckpoint}. */
    long lastCheckpoint() {
        return gate == null ? CheckpointGate.NO_CHECKPOINT : gate.lastCheckpoint();
    }

    private static Map<ExecutionJobVertex, Integer> sizes(
            List<VertexChange> changes, ToIntFunction<VertexChange> parallelism) {
        Map<ExecutionJobVertex, Integer> sizes = new LinkedHashMap<>();
        changes.forEach(
                change -> sizes.put(change.jobVertex(), parallelism.applyAsInt(change)));
        return sizes;
    }

    private void changed(List<VertexChange> changes) {
        changes.forEach(change -> change.vertex().refresh());
        if (gate != null) {
            gate.rebuild();
        }
    }

    private static RescaleException cannotResize(JobException cause) {
        return new RescaleException("The execution graph cannot be resized", cause);
    }
}
