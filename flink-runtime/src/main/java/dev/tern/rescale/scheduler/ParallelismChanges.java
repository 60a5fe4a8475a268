package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.LiveObstacles;
import dev.tern.rescale.coordinate.PointwiseGroup;
import dev.tern.rescale.coordinate.VertexTarget;

import org.apache.flink.runtime.executiongraph.ExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.scheduler.adaptive.allocator.VertexParallelism;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

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

    /** Vertices whose parallelism is not the given one, in topological order. */
    List<VertexTarget> of(Map<JobVertexID, Integer> parallelism) {
        List<VertexTarget> changed = new ArrayList<>();
        for (ExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            Integer wanted = parallelism.get(vertex.getJobVertexId());
            if (wanted != null && wanted != vertex.getParallelism()) {
                changed.add(new VertexTarget(vertex, wanted));
            }
        }
        return changed;
    }

    /** What the shape of the job says against changing these vertices live, in sentences. */
    Optional<String> obstacle(List<VertexTarget> targets) {
        List<String> sentences = new ArrayList<>();
        for (VertexTarget target : targets) {
            ExecutionJobVertex vertex = target.vertex();
            List<String> obstacles = LiveObstacles.of(vertex);
            if (!obstacles.isEmpty()) {
                sentences.add(
                        String.format(
                                "Vertex \"%s\" cannot be rescaled while it runs: it %s.",
                                vertex.getName(), String.join(", and it ", obstacles)));
            }
        }
        if (sentences.isEmpty()) {
            addTorn(targets, sentences);
        }
        return sentences.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(" ", sentences));
    }

    /** Groups whose members would not all have one parallelism. */
    private void addTorn(List<VertexTarget> targets, List<String> sentences) {
        Map<JobVertexID, Integer> wanted = new HashMap<>();
        targets.forEach(target -> wanted.put(target.vertex().getJobVertexId(), target.to()));
        Set<Set<JobVertexID>> groups = new LinkedHashSet<>();
        targets.forEach(
                target -> groups.add(PointwiseGroup.of(target.vertex().getJobVertex())));
        for (Set<JobVertexID> group : groups) {
            Map<String, Integer> sizes = new TreeMap<>();
            for (JobVertexID id : group) {
                ExecutionJobVertex member = graph.getJobVertex(id);
                sizes.put(member.getName(), wanted.getOrDefault(id, member.getParallelism()));
            }
            if (Set.copyOf(sizes.values()).size() > 1) {
                sentences.add(
                        String.format(
                                "Vertices that are connected over pointwise edges can only be"
                                        + " rescaled together while they run, to one parallelism,"
                                        + " and wanted are %s.",
                                sizes.entrySet().stream()
                                        .map(size -> size.getValue() + " of \"" + size.getKey() + '"')
                                        .collect(Collectors.joining(", "))));
            }
        }
    }
}
