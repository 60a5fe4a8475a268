package dev.tern.client.check;

import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.transformations.SinkTransformation;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperatorFactory;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;

/**
 * Where in a program the operators of its job come from. Filled by the thread that runs the program,
 * while it does.
 */
final class CallSites {

    private final Map<Integer, CallSite> byTransformation = new HashMap<>();
    private final Map<Object, CallSite> bySink = new IdentityHashMap<>();
    private final Set<Integer> expanded = new HashSet<>();
    private CallSite execution;

    /** A line of the program has made a transformation. */
    void made(Transformation<?> transformation, Optional<CallSite> at) {
        at.ifPresent(
                site -> {
                    byTransformation.putIfAbsent(transformation.getId(), site);
                    if (transformation instanceof SinkTransformation<?, ?> sink) {
                        bySink.put(sink.getSink(), site);
                    }
                });
    }

    /** Flink has made a transformation out of a more general one. */
    void expanded(Transformation<?> transformation) {
        expanded.add(transformation.getId());
    }

    /** A line of the program has asked for the execution of the job. */
    void executed(Optional<CallSite> at) {
        at.ifPresent(site -> execution = site);
    }

    /**
     * The line for each node of a stream graph. Writers and committers are those of the sink they
     * belong to; what SQL is made of has the line that turns it into a stream, or executes it.
     */
    Map<Integer, CallSite> byNode(StreamGraph graph) {
        Map<Integer, CallSite> known = new HashMap<>();
        for (StreamNode node : graph.getStreamNodes()) {
            made(node).ifPresent(site -> known.put(node.getId(), site));
        }
        Map<Integer, CallSite> sites = new HashMap<>(known);
        for (StreamNode node : graph.getStreamNodes()) {
            nearest(graph, node, known).ifPresent(site -> sites.putIfAbsent(node.getId(), site));
        }
        return sites;
    }

    private Optional<CallSite> made(StreamNode node) {
        CallSite own = byTransformation.get(node.getId());
        return own == null && node.getOperatorFactory() instanceof SinkWriterOperatorFactory<?, ?> w
                ? Optional.ofNullable(bySink.get(w.getSink()))
                : Optional.ofNullable(own);
    }

    private Optional<CallSite> nearest(
            StreamGraph graph, StreamNode node, Map<Integer, CallSite> known) {
        return search(graph, node, known, StreamNode::getOutEdges, StreamEdge::getTargetId)
                .or(
                        () ->
                                expanded.contains(node.getId())
                                        ? search(
                                                graph,
                                                node,
                                                known,
                                                StreamNode::getInEdges,
                                                StreamEdge::getSourceId)
                                        : Optional.empty())
                .or(() -> Optional.ofNullable(execution));
    }

    private static Optional<CallSite> search(
            StreamGraph graph,
            StreamNode from,
            Map<Integer, CallSite> known,
            Function<StreamNode, List<StreamEdge>> edges,
            Function<StreamEdge, Integer> end) {
        Queue<Integer> next = new ArrayDeque<>(List.of(from.getId()));
        Set<Integer> seen = new HashSet<>(next);
        while (!next.isEmpty()) {
            int node = next.remove();
            if (known.containsKey(node)) {
                return Optional.of(known.get(node));
            }
            for (StreamEdge edge : edges.apply(graph.getStreamNode(node))) {
                if (seen.add(end.apply(edge))) {
                    next.add(end.apply(edge));
                }
            }
        }
        return Optional.empty();
    }
}
