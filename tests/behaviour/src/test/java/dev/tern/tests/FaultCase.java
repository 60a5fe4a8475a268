package dev.tern.tests;

import dev.tern.rescale.request.RescaleState;
import dev.tern.tests.Injection.Target;
import dev.tern.tests.Rescaled.Message;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One fault in one state of a rescale.
 *
 * @param rescaled what is rescaled
 * @param inward whether to fewer subtasks
 * @param state where it strikes
 * @param fault what happens
 * @param target the command that is disturbed, or at which the rescale is kept while something
 *     happens; null when nothing is
 */
record FaultCase(
        Rescaled rescaled, boolean inward, RescaleState state, Fault fault, Target target) {

    /** What happens. */
    enum Fault {
        /** The coordinator itself throws. */
        COORDINATOR_BREAKS,
        LOSE_COMMAND,
        LOSE_REPLY,
        REFUSE,
        FAIL_TASK,
        /** The command comes late, but in time. */
        DELAY,
        /** The command comes when the coordinator has given it up. */
        TOO_LATE,
        CANCEL,
        STOP_WITH_SAVEPOINT,
        SAVEPOINT,
        SECOND_REQUEST;

        boolean isOfMessage() {
            return compareTo(LOSE_COMMAND) >= 0 && compareTo(TOO_LATE) <= 0;
        }
    }

    /** The states in which a rescale can be hit. */
    static List<RescaleState> states() {
        List<RescaleState> states = new ArrayList<>(List.of(RescaleState.values()));
        states.removeIf(state -> state == RescaleState.IDLE || state.isTerminal());
        return states;
    }

    /** Every fault in every state in which it can strike. */
    static List<FaultCase> all(Rescaled rescaled) {
        List<FaultCase> cases = new ArrayList<>();
        for (RescaleState state : states()) {
            cases.add(inState(rescaled, state, Fault.COORDINATOR_BREAKS));
            for (Message message : rescaled.messages()) {
                if (message.state() == state) {
                    for (Fault fault : Fault.values()) {
                        if (fault.isOfMessage()) {
                            cases.add(
                                    new FaultCase(
                                            rescaled,
                                            message.inward(),
                                            state,
                                            fault,
                                            message.target()));
                        }
                    }
                }
            }
            for (Fault fault :
                    List.of(
                            Fault.CANCEL,
                            Fault.STOP_WITH_SAVEPOINT,
                            Fault.SAVEPOINT,
                            Fault.SECOND_REQUEST)) {
                cases.add(inState(rescaled, state, fault));
            }
        }
        return cases;
    }

    private static FaultCase inState(Rescaled rescaled, RescaleState state, Fault fault) {
        return new FaultCase(
                rescaled,
                state == RescaleState.RETIRE,
                state,
                fault,
                fault == Fault.COORDINATOR_BREAKS ? null : keptAt(rescaled, state));
    }

    /**
     * What can be done to a job on RocksDB, too: there a value is serialized when it is set, and not
     * when a savepoint is taken, so that none can be held up and keep a rescale in QUIESCE.
     */
    boolean isPossibleOnRocksDb() {
        return state != RescaleState.QUIESCE || fault == Fault.COORDINATOR_BREAKS;
    }

    /**
     * The command at which a rescale waits in a state, so that something can happen there. Nothing
     * can while the graph is resized, all in one go: what comes then is taken up right after it.
     */
    private static Target keptAt(Rescaled rescaled, RescaleState state) {
        return switch (state) {
            case QUIESCE, DEPLOY -> null;
            case RESIZE_GRAPH, RESERVE_SLOTS -> keptAt(rescaled, RescaleState.GROW_UPSTREAM);
            default ->
                    rescaled.messages().stream()
                            .filter(message -> message.state() == state)
                            .findFirst()
                            .map(Message::target)
                            .orElseThrow(() -> new AssertionError("No command in " + state));
        };
    }

    /** Whether a rescale that meets this disturbance of a command goes on to its end. */
    boolean isHarmless() {
        return fault == Fault.DELAY || fault == Fault.LOSE_REPLY && target.hasNeedlessReply();
    }

    /** How many subtasks there are. */
    Map<String, Integer> from() {
        return inward ? rescaled.large() : rescaled.small();
    }

    /** How many there are to be. */
    Map<String, Integer> to() {
        return inward ? rescaled.small() : rescaled.large();
    }

    @Override
    public String toString() {
        return rescaled
                + (inward ? " in " : " out ")
                + state
                + " "
                + fault
                + (target == null
                        ? ""
                        : " "
                                + target.command().getSimpleName()
                                + " "
                                + target.vertex()
                                + target.subtask());
    }
}
