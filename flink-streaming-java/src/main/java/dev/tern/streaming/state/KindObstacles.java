package dev.tern.streaming.state;

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

    static final String RAW_KEYED_STATE = "writes raw keyed state, which only it can read";

    private KindObstacles() {}

    /**
     * What the kind of a task says, in sentences.
     *
     * @param byKey whether records belong to the subtask that owns their key
     */
    static List<String> of(TaskTraits task, boolean byKey) {
        List<String> found = new ArrayList<>();
        if (task.generalizedWatermarks()) {
            found.add(
                    "The task uses generalized watermarks, whose progress per channel cannot be"
                            + " handed to other subtasks.");
        }
        if (byKey) {
            for (int input : task.strayInputs()) {
                found.add(
                        "Input "
                                + input
                                + " is neither keyed nor broadcast, so that its records belong to no"
                                + " subtask in particular.");
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
    static List<String> ofKeys(boolean byKey, boolean keyed) {
        if (byKey == keyed) {
            return List.of();
        }
        return List.of(
                byKey
                        ? "It has no keyed state to rescale by."
                        : "It has keyed state, but its records do not find it by key.");
    }

    /**
     * What the kind of an operator says, each the end of a sentence about it.
     *
     * @param retiring whether its subtask would be gone afterwards
     */
    static List<String> of(OperatorTraits operator, TaskTraits task, boolean retiring) {
        List<String> found = new ArrayList<>();
        BufferingOperators.reason(operator, retiring).ifPresent(found::add);
        if (!operator.is(AbstractStreamOperator.class)
                && !operator.is(AbstractStreamOperatorV2.class)) {
            found.add(
                    "extends neither AbstractStreamOperator nor AbstractStreamOperatorV2, so its"
                            + " state cannot be found");
        }
        if (retiring && operator.is(CommitterOperator.class) && !task.checkpointing()) {
            found.add("commits at checkpoints, and the job takes none");
        }
        return found;
    }

    /**
     * Why state does not leave a backend, as the end of a sentence about its operator.
     *
     * @param backend a {@link StateBackend}, or what it makes
     */
    static String immovable(Class<?> backend) {
        return "keeps its keyed state in "
                + kind(backend.getSimpleName())
                + ", which does not move live yet (state.backend.type hashmap and rocksdb do)";
    }

    private static String kind(String type) {
        if (type.contains("Changelog")) {
            return "a changelog backend (state.changelog.enabled)";
        }
        if (type.contains("ForSt")) {
            return "ForSt";
        }
        return type.contains("RocksDB")
                ? "RocksDB of a jar that is not this distribution's (flink-statebackend-rocksdb)"
                : "a " + type;
    }
}
