package dev.tern.streaming.state;

import dev.tern.rescale.request.Obstacle;
import dev.tern.rescale.request.Obstacle.Reason;

import org.apache.flink.api.common.functions.Function;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.graph.StreamConfig;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorFactory;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperatorFactory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A task that does not run yet: what its configuration says about a live rescale, by the same rules
 * as {@link TaskKeyedState} says it of a running one. What an operator registers when it runs stays
 * open. Nothing is started; any thread.
 */
public final class PlannedTask {

    /**
     * Something to be said about the task.
     *
     * @param node number of the operator in the stream graph
     * @param sentence names the operator, unless it is about the task
     */
    public record Remark(int node, String sentence) {}

    private static final Logger LOG = LoggerFactory.getLogger(PlannedTask.class);

    private final int head;
    private final Map<Integer, PlannedOperator> operators;
    private final TaskTraits traits;
    private final boolean keyed;

    private PlannedTask(int head, Map<Integer, PlannedOperator> operators, TaskTraits traits) {
        this.head = head;
        this.operators = operators;
        this.traits = traits;
        this.keyed = operators.values().stream().anyMatch(operator -> operator.traits().keyed());
    }

    /**
     * Looks at the configuration of a task.
     *
     * @param config of the head of its chain
     * @param job configuration of the job
     * @param cluster configuration of the cluster, as far as it is known
     * @throws Exception if the state backend that is configured cannot be loaded
     */
    public static PlannedTask of(
            StreamConfig config, Configuration job, Configuration cluster, ClassLoader userCode)
            throws Exception {
        StateBackend backend =
                StateBackendLoader.fromApplicationOrConfigOrDefault(
                        config.getStateBackend(userCode), job, cluster, userCode, LOG);
        Map<Integer, PlannedOperator> operators = new TreeMap<>();
        config.getTransitiveChainedTaskConfigsWithSelf(userCode)
                .forEach(
                        (node, operator) ->
                                operators.put(
                                        node, PlannedOperator.of(operator, backend, userCode)));
        return new PlannedTask(
                config.getVertexID(), operators, TaskTraits.of(config, job, userCode));
    }

    /** Number of the operator in the stream graph that reads what other tasks send. */
    public int head() {
        return head;
    }

    /**
     * Why the task could not take part in a live rescale, as far as that is known.
     *
     * @param retiring whether the subtask would be gone afterwards
     * @param byKey whether records belong to the subtask that owns their key
     */
    public List<Remark> obstacles(boolean retiring, boolean byKey) {
        List<Reason> keys = KindObstacles.ofKeys(byKey, keyed);
        if (byKey && !keys.isEmpty()) {
            return ofTask(keys);
        }
        List<Remark> found = new ArrayList<>(ofTask(KindObstacles.of(traits, byKey)));
        operators.forEach(
                (node, operator) ->
                        operator.reasons(traits, retiring)
                                .forEach(reason -> found.add(operator.remark(node, reason.text()))));
        found.addAll(ofTask(keys));
        return List.copyOf(found);
    }

    /** What will be known only when the task runs, and may then stand against a live rescale. */
    public List<Remark> openQuestions() {
        List<Remark> open = new ArrayList<>();
        operators.forEach(
                (node, operator) ->
                        operator.openQuestion()
                                .ifPresent(what -> open.add(operator.remark(node, what))));
        return List.copyOf(open);
    }

    private List<Remark> ofTask(List<Reason> sentences) {
        return sentences.stream().map(sentence -> new Remark(head, sentence.text())).toList();
    }

    /**
     * An operator of the chain.
     *
     * @param made the operator itself, if it is made already
     */
    private record PlannedOperator(
            OperatorTraits traits,
            StreamOperatorFactory<?> factory,
            Optional<StreamOperator<?>> made,
            StateBackend backend) {

        private static final String FLINK = "org.apache.flink.";

        static PlannedOperator of(
                StreamConfig config, StateBackend backend, ClassLoader userCode) {
            StreamOperatorFactory<?> factory = config.getStreamOperatorFactory(userCode);
            return new PlannedOperator(
                    OperatorTraits.of(config, userCode),
                    factory,
                    factory instanceof SimpleOperatorFactory<?> simple
                            ? Optional.of(simple.getOperator())
                            : Optional.empty(),
                    backend);
        }

        List<Reason> reasons(TaskTraits task, boolean retiring) {
            List<Reason> reasons = new ArrayList<>(KindObstacles.of(traits, task, retiring));
            if (traits.keyed()) {
                if (!OperatorInspection.isMovable(backend)) {
                    reasons.add(KindObstacles.immovable(backend.getClass()));
                } else if (made.filter(OperatorInspection::usesRawKeyedState).isPresent()) {
                    reasons.add(Obstacle.RAW_KEYED_STATE.reason());
                }
            }
            if (factory instanceof SinkWriterOperatorFactory<?, ?> writers) {
                SinkObstacles.reason(writers.getSink()).ifPresent(reasons::add);
            }
            return reasons;
        }

        Optional<String> openQuestion() {
            if (function() instanceof CheckpointedFunction) {
                return Optional.of(
                        "has a CheckpointedFunction: if it registers union list state, or, for"
                                + " fewer subtasks, any list state, a restart will be needed");
            }
            return traits.type().getName().startsWith(FLINK)
                    ? Optional.empty()
                    : Optional.of(
                            "is not Flink's: if it registers union list state, or, for fewer"
                                    + " subtasks, any list state, a restart will be needed");
        }

        Remark remark(int node, String reason) {
            return new Remark(node, "Operator " + traits.name() + " " + reason + ".");
        }

        private Function function() {
            return made.orElse(null) instanceof AbstractUdfStreamOperator<?, ?> udf
                    ? udf.getUserFunction()
                    : null;
        }
    }
}
