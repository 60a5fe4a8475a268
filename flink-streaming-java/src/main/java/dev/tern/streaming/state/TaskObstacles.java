package dev.tern.streaming.state;

import org.apache.flink.streaming.api.operators.StreamOperator;

import java.util.ArrayList;
import java.util.List;

/** Why a task cannot take part in a live rescale. */
final class TaskObstacles {

    private final List<StreamOperator<?>> chain;
    private final List<KeyedOperator> keyed;
    private final boolean generalizedWatermarks;

    TaskObstacles(
            List<StreamOperator<?>> chain,
            List<KeyedOperator> keyed,
            boolean generalizedWatermarks) {
        this.chain = chain;
        this.keyed = keyed;
        this.generalizedWatermarks = generalizedWatermarks;
    }

    List<String> find(boolean retiring) {
        List<String> found = new ArrayList<>();
        if (generalizedWatermarks) {
            found.add("The task uses generalized watermarks, whose state per channel cannot move.");
        }
        return found;
    }
}
