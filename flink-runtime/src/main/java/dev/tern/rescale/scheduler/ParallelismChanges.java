package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.LiveObstacles;
import dev.tern.rescale.coordinate.PointwiseGroup;
import dev.tern.rescale.coordinate.VertexTarget;
import dev.tern.rescale.request.RequestResolver;

import org.apache.flink.runtime.executiongraph.ExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.scheduler.adaptive.allocator.VertexParallelism;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /** What stands against changing these vertices live, beside their tasks, in sentences. */
    Optional<String> obstacle(List<VertexTarget> targets) {
        List<String> sentences = new ArrayList<>();
        if (scheduler.intent().isEmpty() && restartsByDefault()) {
            sentences.add("Strategy restart is the one for changes that name none.");
        }
        for (VertexTarget target : targets) {
            ExecutionJobVertex vertex = target.vertex();
            List<String> obstacles = LiveObstacles.of(vertex, graph::getJobVertex);
            if (!obstacles.isEmpty()) {
                sentences.add(
                        String.format(
                                "Vertex \"%s\" cannot be rescaled while it runs: it %s.",
                                vertex.getName(), String.join(", and it ", obstacles)));
            }
        }
        if (sentences.isEmpty()) {
            groupsOf(targets).forEach(group -> PointwiseGroup.torn(group).ifPresent(sentences::add));
        }
        return sentences.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(" ", sentences));
    }

    private boolean restartsByDefault() {
        return scheduler
                .context()
                .settings()
                .defaults()
                .strategy()
                .filter(RequestResolver.RESTART::equals)
                .isPresent();
    }

    /** All vertices that pointwise edges connect with these, with their parallelism afterwards. */
    private Collection<List<PointwiseGroup.Size>> groupsOf(List<VertexTarget> targets) {
        Map<JobVertexID, Integer> wanted = new HashMap<>();
        targets.forEach(target -> wanted.put(target.vertex().getJobVertexId(), target.to()));
        Map<Set<JobVertexID>, List<PointwiseGroup.Size>> groups = new LinkedHashMap<>();
        for (ExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            int to = wanted.getOrDefault(vertex.getJobVertexId(), vertex.getParallelism());
            groups.computeIfAbsent(
                            PointwiseGroup.of(vertex.getJobVertex()),
                            ignored -> new ArrayList<>())
                    .add(new PointwiseGroup.Size(vertex.getName(), to));
        }
        groups.keySet().removeIf(group -> Collections.disjoint(group, wanted.keySet()));
        return groups.values();
    }
}
