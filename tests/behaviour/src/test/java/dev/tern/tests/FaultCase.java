package dev.tern.tests;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.RescaleState;
import dev.tern.tests.Injection.Target;

import java.util.ArrayList;
import java.util.List;

/**
 * One fault in one state of a rescale.
 *
 * @param state where it strikes
 * @param fault what happens
 * @param target the command that is disturbed, or at which the rescale is kept while something
 *     happens; null when nothing is
 */
record FaultCase(RescaleState state, Fault fault, Target target) {

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

    private static final String UPSTREAM = "SOURCE";
    private static final String OWNER = CountingJob.COUNT;
    private static final String DOWNSTREAM = CountingJob.CHECK;

    private static final int OLD = 0;
    private static final int NEW = 3;

    private record Message(RescaleState state, Target target) {}

    /** Each command that a state sends, for each part that gets it: 2 to 4, and RETIRE 4 to 2. */
    private static final List<Message> MESSAGES =
            List.of(
                    message(RescaleState.PREFLIGHT, TaskCommand.Inspect.class, OWNER, OLD),
                    message(RescaleState.PREFLIGHT, TaskCommand.Ping.class, UPSTREAM, 0),
                    message(RescaleState.PREFLIGHT, TaskCommand.Ping.class, DOWNSTREAM, 0),
                    message(RescaleState.QUIESCE, TaskCommand.HoldEnd.class, OWNER, OLD),
                    message(RescaleState.GROW_UPSTREAM, TaskCommand.GrowOutput.class, UPSTREAM, 1),
                    message(RescaleState.GROW_DOWNSTREAM, TaskCommand.PrimeOutput.class, UPSTREAM, 0),
                    message(RescaleState.GROW_DOWNSTREAM, TaskCommand.GrowInput.class, DOWNSTREAM, 1),
                    message(RescaleState.PREPARE_OWNERS, TaskCommand.PrepareOwner.class, OWNER, OLD),
                    message(RescaleState.PREPARE_OWNERS, TaskCommand.PrepareOwner.class, OWNER, NEW),
                    message(RescaleState.PREPARE_OWNERS, TaskCommand.BeginStep.class, OWNER, OLD),
                    message(RescaleState.PREPARE_OWNERS, TaskCommand.BeginStep.class, OWNER, NEW),
                    message(RescaleState.MIGRATE, TaskCommand.SwitchRoutes.class, UPSTREAM, 0),
                    message(RescaleState.MIGRATE, TaskCommand.AwaitStep.class, OWNER, OLD),
                    message(RescaleState.MIGRATE, TaskCommand.AwaitStep.class, OWNER, NEW),
                    message(RescaleState.COMMIT, TaskCommand.CommitOwner.class, OWNER, OLD),
                    message(RescaleState.COMMIT, TaskCommand.CommitOwner.class, OWNER, NEW),
                    message(RescaleState.COMMIT, TaskCommand.CommitRoutes.class, UPSTREAM, 1),
                    message(RescaleState.COMMIT, TaskCommand.TellParallelism.class, OWNER, OLD),
                    message(RescaleState.RETIRE, TaskCommand.Retire.class, OWNER, NEW),
                    message(RescaleState.RETIRE, TaskCommand.ShrinkInput.class, DOWNSTREAM, 0),
                    message(RescaleState.RETIRE, TaskCommand.ShrinkOutput.class, UPSTREAM, 1));

    private static Message message(
            RescaleState state, Class<? extends TaskCommand> command, String vertex, int subtask) {
        return new Message(state, new Target(command, vertex, subtask));
    }

    /** The states in which a rescale can be hit. */
    static List<RescaleState> states() {
        List<RescaleState> states = new ArrayList<>(List.of(RescaleState.values()));
        states.removeIf(state -> state == RescaleState.IDLE || state.isTerminal());
        return states;
    }

    /** Every fault in every state in which it can strike. */
    static List<FaultCase> all() {
        List<FaultCase> cases = new ArrayList<>();
        for (RescaleState state : states()) {
            cases.add(new FaultCase(state, Fault.COORDINATOR_BREAKS, null));
            for (Message message : MESSAGES) {
                if (message.state() == state) {
                    for (Fault fault : Fault.values()) {
                        if (fault.isOfMessage()) {
                            cases.add(new FaultCase(state, fault, message.target()));
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
                cases.add(new FaultCase(state, fault, keptAt(state)));
            }
        }
        return cases;
    }

    /** Few of them, but some in every state and every fault somewhere. */
    static List<FaultCase> core() {
        List<FaultCase> all = all();
        List<FaultCase> core = new ArrayList<>();
        // Neither a divisor nor a multiple of the numbers of faults.
        for (int i = 0; i < all.size(); i += 5) {
            core.add(all.get(i));
        }
        return core;
    }

    /**
     * What can be done to a job on RocksDB, too: there a value is serialized when it is set, and not
     * when a savepoint is taken, so that none can be held up and keep a rescale in QUIESCE.
     */
    static List<FaultCase> onRocksDb() {
        return all().stream()
                .filter(
                        fault ->
                                fault.state() != RescaleState.QUIESCE
                                        || fault.fault() == Fault.COORDINATOR_BREAKS)
                .toList();
    }

    /** Few of them. */
    static List<FaultCase> coreOnRocksDb() {
        List<FaultCase> all = onRocksDb();
        List<FaultCase> core = new ArrayList<>();
        for (int i = 7; i < all.size(); i += 23) {
            core.add(all.get(i));
        }
        return core;
    }

    /** What can strike while units move, or are about to: where strategies differ. */
    static List<FaultCase> ofSteps() {
        return all().stream()
                .filter(
                        fault ->
                                fault.state().compareTo(RescaleState.PREPARE_OWNERS) >= 0
                                        && fault.state().compareTo(RescaleState.COMMIT) <= 0)
                .toList();
    }

    /** A step that is taken back before it is marked, two that break, and one that goes on. */
    static List<FaultCase> coreOfSteps() {
        return List.of(
                new FaultCase(
                        RescaleState.PREPARE_OWNERS,
                        Fault.LOSE_REPLY,
                        new Target(TaskCommand.BeginStep.class, OWNER, NEW)),
                new FaultCase(
                        RescaleState.MIGRATE,
                        Fault.FAIL_TASK,
                        new Target(TaskCommand.SwitchRoutes.class, UPSTREAM, 0)),
                new FaultCase(
                        RescaleState.MIGRATE,
                        Fault.FAIL_TASK,
                        new Target(TaskCommand.AwaitStep.class, OWNER, OLD)),
                new FaultCase(
                        RescaleState.MIGRATE,
                        Fault.DELAY,
                        new Target(TaskCommand.AwaitStep.class, OWNER, NEW)));
    }

    /**
     * The command at which a rescale waits in a state, so that something can happen there. Nothing
     * can while the graph is resized, all in one go: what comes then is taken up right after it.
     */
    private static Target keptAt(RescaleState state) {
        return switch (state) {
            case QUIESCE, DEPLOY -> null;
            case RESIZE_GRAPH, RESERVE_SLOTS -> keptAt(RescaleState.GROW_UPSTREAM);
            default ->
                    MESSAGES.stream()
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

    /** From how many subtasks. */
    int from() {
        return state == RescaleState.RETIRE ? 4 : 2;
    }

    /** To how many. */
    int to() {
        return state == RescaleState.RETIRE ? 2 : 4;
    }

    @Override
    public String toString() {
        return state
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
