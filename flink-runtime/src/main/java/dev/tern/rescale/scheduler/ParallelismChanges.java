package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.LiveObstacles;

import org.apache.flink.runtime.executiongraph.ExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.scheduler.adaptive.allocator.VertexParallelism;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** In which vertices the job differs from what is wanted of it, or from what its slots allow. */
final class ParallelismChanges {

    private final LiveAdaptiveScheduler scheduler;
    private final ExecutionGraph graph;

    ParallelismChanges(LiveAdaptiveScheduler scheduler, ExecutionGraph graph) {
        this.scheduler = scheduler;
        this.graph = graph;
    }

    /** What the requirements ask for. */
    Map<JobVertexID, Integer> wanted() {
        JobResourceRequirements requirements = scheduler.requestJobResourceRequirements();
        Map<JobVertexID, Integer> bounds = new HashMap<>();
        for (JobVertexID vertex : requirements.getJobVertices()) {
            bounds.put(vertex, requirements.getParallelism(vertex).getUpperBound());
        }
        return bounds;
    }

    /** As much of it as the slots allow. */
    Map<JobVertexID, Integer> available() {
        Map<JobVertexID, Integer> available = new HashMap<>();
        scheduler
                .getAvailableVertexParallelism()
                .ifPresent(
                        (VertexParallelism parallelism) ->
                                parallelism
                                        .getVertices()
                                        .forEach(
                                                v -> available.put(v, parallelism.getParallelism(v))));
        return available;
    }

    /** Vertices whose parallelism is not the given one; shrinking ones first, they free slots. */
    List<ExecutionJobVertex> of(Map<JobVertexID, Integer> parallelism) {
        List<ExecutionJobVertex> changed = new ArrayList<>();
        for (ExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            Integer wanted = parallelism.get(vertex.getJobVertexId());
            if (wanted != null && wanted != vertex.getParallelism()) {
                changed.add(vertex);
            }
        }
        changed.sort(
                Comparator.comparing(
                        vertex -> parallelism.get(vertex.getJobVertexId()) > vertex.getParallelism()));
        return changed;
    }

    /** What the shape of the job says against changing these vertices live, as a sentence. */
    Optional<String> obstacle(List<ExecutionJobVertex> vertices) {
        for (ExecutionJobVertex vertex : vertices) {
            List<String> obstacles = LiveObstacles.of(vertex);
            if (!obstacles.isEmpty()) {
                return Optional.of(
                        String.format(
                                "Vertex \"%s\" cannot be rescaled while it runs: it %s.",
                                vertex.getName(), String.join(", and it ", obstacles)));
            }
        }
        return Optional.empty();
    }
}
