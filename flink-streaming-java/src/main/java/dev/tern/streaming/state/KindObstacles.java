package dev.tern.streaming.state;

import dev.tern.rescale.request.Obstacle;
import dev.tern.rescale.request.Obstacle.Reason;

import org.apache.flink.runtime.state.AsyncKeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorV2;
import org.apache.flink.streaming.runtime.operators.sink.CommitterOperator;

import java.util.ArrayList;
import java.util.List;

/**
 * What stands against a live rescale in the kind of a task and of its operators, whether they run or
 * not. Stateless.
 */
final class KindObstacles {

    private KindObstacles() {}

    /**
     * What the kind of a task says, in sentences.
     *
     * @param byKey whether records belong to the subtask that owns their key
     */
    static List<Reason> of(TaskTraits task, boolean byKey) {
        List<Reason> found = new ArrayList<>();
        if (task.generalizedWatermarks()) {
            found.add(Obstacle.GENERALIZED_WATERMARKS.reason());
        }
        if (byKey) {
            for (int input : task.strayInputs()) {
                found.add(Obstacle.STRAY_INPUT.reason(input));
            }
        }
        return found;
    }

    /**
     * Whether keys and state fit together, in sentences.
     *
     * @param byKey whether records belong to the subtask that owns their key
     * @param keyed whether any operator has keyed state
     */
    static List<Reason> ofKeys(boolean byKey, boolean keyed) {
        if (byKey == keyed) {
            return List.of();
        }
        return List.of(
                (byKey ? Obstacle.NO_KEYED_STATE : Obstacle.STATE_WITHOUT_KEYS).reason());
    }

    /**
     * What the kind of an operator says, each the end of a sentence about it.
     *
     * @param retiring whether its subtask would be gone afterwards
     */
    static List<Reason> of(OperatorTraits operator, TaskTraits task, boolean retiring) {
        List<Reason> found = new ArrayList<>();
        BufferingOperators.reason(operator, retiring).ifPresent(found::add);
        if (!operator.is(AbstractStreamOperator.class)
                && !operator.is(AbstractStreamOperatorV2.class)) {
            found.add(Obstacle.UNKNOWN_OPERATOR.reason());
        }
        if (retiring && operator.is(CommitterOperator.class) && !task.checkpointing()) {
            found.add(Obstacle.COMMITS_WITHOUT_CHECKPOINTS.reason());
        }
        return found;
    }

    /**
     * Why state does not leave a backend, as the end of a sentence about its operator.
     *
     * @param backend a {@link StateBackend}, or what it makes
     */
    static Reason immovable(Class<?> backend) {
        String type = backend.getSimpleName();
        if (type.contains("Changelog")) {
            return Obstacle.CHANGELOG_BACKEND.reason();
        }
        if (type.contains("RocksDB")) {
            return Obstacle.ROCKSDB_OF_A_JAR.reason();
        }
        return Obstacle.BACKEND.reason(nameOf(type));
    }

    /** The same of one that has only the asynchronous interface. */
    static Reason immovable(AsyncKeyedStateBackend<?> backend) {
        return Obstacle.ASYNCHRONOUS_BACKEND.reason(nameOf(backend.getClass().getSimpleName()));
    }

    private static String nameOf(String backend) {
        return backend.contains("ForSt") ? "ForSt" : "a " + backend;
    }
}
