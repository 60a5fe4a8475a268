package dev.tern.streaming.state;

import dev.tern.rescale.request.Obstacle;
import dev.tern.rescale.request.Obstacle.Reason;

import org.apache.flink.runtime.state.AsyncKeyedStateBackend;
import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.DefaultOperatorStateBackend;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.PartitionableListState;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorStateHandler;
import org.apache.flink.streaming.runtime.operators.sink.CommitterOperator;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Why a task cannot take part in a live rescale. Everything that would be lost, and everything that
 * a new subtask would miss, is named; what cannot be judged counts as an obstacle. Task mailbox
 * thread.
 */
final class TaskObstacles {

    static final Set<String> WINDOW_AGGREGATIONS =
            Set.of(
                    "org.apache.flink.table.runtime.operators.window.tvf.common.WindowAggOperator",
                    "org.apache.flink.table.runtime.operators.window.async.tvf.common"
                            + ".AsyncStateWindowAggOperator");

    private final List<StreamOperator<?>> chain;
    private final List<KeyedOperator> keyed;
    private final TaskTraits traits;

    TaskObstacles(
            List<StreamOperator<?>> chain, List<KeyedOperator> keyed, TaskTraits traits) {
        this.chain = chain;
        this.keyed = List.copyOf(keyed);
        this.traits = traits;
    }

    /**
     * @param retiring whether the subtask would be gone afterwards
     * @param byKey whether records belong to the subtask that owns their key
     */
    List<String> find(boolean retiring, boolean byKey) {
        List<String> found =
                new ArrayList<>(
                        KindObstacles.of(traits, byKey).stream().map(Reason::text).toList());
        for (StreamOperator<?> operator : chain) {
            OperatorTraits kind = OperatorTraits.of(operator);
            List<Reason> reasons = new ArrayList<>(KindObstacles.of(kind, traits, retiring));
            StateCaches.unreachable(operator).ifPresent(reasons::add);
            keyedState(operator).ifPresent(reasons::add);
            operatorState(operator, retiring, reasons);
            reasons.forEach(reason -> found.add(sentence(kind.name(), reason)));
        }
        for (KeyedOperator operator : keyed) {
            operator.state()
                    .flatMap(MovableState::obstacle)
                    .ifPresent(reason -> found.add(sentence(operator.name(), reason)));
        }
        return List.copyOf(found);
    }

    static String sentence(String operator, Reason reason) {
        return "Operator " + operator + " " + reason.text() + ".";
    }

    private static Optional<Reason> keyedState(StreamOperator<?> operator) {
        StreamOperatorStateHandler handler = OperatorInspection.handler(operator);
        if (handler == null) {
            return Optional.empty();
        }
        CheckpointableKeyedStateBackend<?> backend = OperatorInspection.backend(handler);
        if (backend == null) {
            return Optional.<AsyncKeyedStateBackend<?>>ofNullable(
                            handler.getAsyncKeyedStateBackend())
                    .map(KindObstacles::immovable);
        }
        if (OperatorInspection.usesRawKeyedState(operator)) {
            return Optional.of(Obstacle.RAW_KEYED_STATE.reason());
        }
        if (OperatorInspection.mover(backend).isEmpty()) {
            return Optional.of(KindObstacles.immovable(backend.getClass()));
        }
        if (!TimerServices.supports(OperatorInspection.timers(operator))) {
            return Optional.of(
                    Obstacle.TIMERS.reason(
                            OperatorInspection.timers(operator).getClass().getName()));
        }
        return Optional.empty();
    }

    private void operatorState(
            StreamOperator<?> operator, boolean retiring, List<Reason> reasons) {
        StreamOperatorStateHandler handler = OperatorInspection.handler(operator);
        if (handler == null || handler.getOperatorStateBackend() == null) {
            return;
        }
        OperatorStateBackend backend = handler.getOperatorStateBackend();
        if (!(backend instanceof DefaultOperatorStateBackend known)) {
            reasons.add(Obstacle.OPERATOR_STATE.reason(backend.getClass().getSimpleName()));
            return;
        }
        if (!traits.broadcastInput()) {
            for (String name : backend.getRegisteredBroadcastStateNames()) {
                reasons.add(Obstacle.BROADCAST_STATE_WITHOUT_INPUT.reason(name));
            }
        }
        if (operator instanceof SinkWriterOperator || operator instanceof CommitterOperator) {
            if (operator instanceof SinkWriterOperator<?, ?> writer) {
                SinkObstacles.reason(writer.sinkWriter).ifPresent(reasons::add);
            }
            return;
        }
        for (Map.Entry<String, PartitionableListState<?>> state :
                known.registeredOperatorStates.entrySet()) {
            listState(operator, state.getKey(), state.getValue(), retiring).ifPresent(reasons::add);
        }
    }

    private static Optional<Reason> listState(
            StreamOperator<?> operator,
            String name,
            PartitionableListState<?> state,
            boolean retiring) {
        if (isToldByInputs(operator, name)) {
            return Optional.empty();
        }
        if (state.getStateMetaInfo().getAssignmentMode() == OperatorStateHandle.Mode.UNION) {
            return Optional.of(Obstacle.UNION_LIST_STATE.reason(name));
        }
        if (!retiring) {
            return Optional.empty();
        }
        if (state.get().iterator().hasNext()) {
            return Optional.of(Obstacle.LIST_STATE.reason(name));
        }
        // Such a function fills its list only when a checkpoint is taken.
        return operator instanceof AbstractUdfStreamOperator<?, ?> udf
                        && udf.getUserFunction() instanceof CheckpointedFunction
                ? Optional.of(Obstacle.LIST_STATE_AT_CHECKPOINTS.reason(name))
                : Optional.empty();
    }

    /** The last watermark, which window operators of SQL keep; a new subtask is told it anyway. */
    private static boolean isToldByInputs(StreamOperator<?> operator, String name) {
        return name.equals("watermark")
                && WINDOW_AGGREGATIONS.contains(operator.getClass().getName());
    }
}
