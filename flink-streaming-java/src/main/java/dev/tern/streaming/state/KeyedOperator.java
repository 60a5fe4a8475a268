package dev.tern.streaming.state;

import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;

import java.util.Optional;

/**
 * A keyed operator of a running chain.
 *
 * @param id its operator id
 * @param name its name, for messages
 * @param backend its keyed state backend, not wrapped
 * @param state its movable state; empty if no {@link StateMover} knows the backend
 * @param timers its timer services
 */
record KeyedOperator(
        OperatorID id,
        String name,
        AbstractKeyedStateBackend<?> backend,
        Optional<MovableState> state,
        TimerServices timers) {

    /** The state, for callers that run after {@link TaskKeyedState#obstacles} found nothing. */
    MovableState movable() {
        return state.orElseThrow(
                () ->
                        new IllegalStateException(
                                "State of operator "
                                        + name
                                        + " cannot move; the task has obstacles that were"
                                        + " ignored."));
    }
}
