package dev.tern.tests;

import dev.tern.rescale.request.RescaleState;
import dev.tern.tests.Injection.Disturbance;
import dev.tern.tests.Injection.Target;

import java.util.List;
import java.util.Random;

/**
 * What goes wrong or comes in between during one rescale of a soak.
 *
 * @param kind what it is
 * @param state in which state of the rescale it strikes; null where that does not matter
 * @param target which command is disturbed, or null
 * @param disturbance what happens to the command, or null
 * @param subtask which subtask of COUNT fails
 */
record Mishap(
        Kind kind, RescaleState state, Target target, Disturbance disturbance, int subtask) {

    /** What it is, and thereby what may become of the rescale. */
    enum Kind {
        NOTHING,
        /** The function of a subtask throws, whatever the rescale does. */
        SUBTASK_FAILS,
        COORDINATOR_BREAKS,
        COMMAND_DISTURBED,
        /** Somebody asks for a savepoint, and gets it. */
        SAVEPOINT,
        /** Somebody gives the rescale up. */
        ABORT
    }

    private static final Mishap NOTHING = new Mishap(Kind.NOTHING, null, null, null, 0);

    /** Nothing happens in four of ten rescales. */
    private static final List<Kind> KINDS =
            List.of(
                    Kind.NOTHING,
                    Kind.NOTHING,
                    Kind.NOTHING,
                    Kind.NOTHING,
                    Kind.SUBTASK_FAILS,
                    Kind.COORDINATOR_BREAKS,
                    Kind.COMMAND_DISTURBED,
                    Kind.COMMAND_DISTURBED,
                    Kind.SAVEPOINT,
                    Kind.ABORT);

    private static final List<Disturbance> DISTURBANCES =
            List.of(
                    Disturbance.LOSE_COMMAND,
                    Disturbance.LOSE_REPLY,
                    Disturbance.REFUSE,
                    Disturbance.FAIL_TASK);

    private static final List<Target> TARGETS =
            Rescaled.ONE_VERTEX.messages().stream()
                    .map(Rescaled.Message::target)
                    .distinct()
                    .toList();

    /**
     * @param subtasks the larger parallelism of the rescale
     */
    static Mishap draw(int subtasks, Random random) {
        Kind kind = SoakPlan.any(KINDS, random);
        return switch (kind) {
            case NOTHING -> NOTHING;
            case SUBTASK_FAILS -> new Mishap(kind, null, null, null, random.nextInt(subtasks));
            case COMMAND_DISTURBED -> {
                Target target = SoakPlan.any(TARGETS, random);
                yield new Mishap(
                        kind,
                        null,
                        new Target(
                                target.command(),
                                target.vertex(),
                                target.vertex().equals(CountingJob.COUNT)
                                        ? random.nextInt(subtasks)
                                        : target.subtask()),
                        SoakPlan.any(DISTURBANCES, random),
                        0);
            }
            default ->
                    new Mishap(kind, SoakPlan.any(FaultCase.states(), random), null, null, 0);
        };
    }

    /** Whether a task fails, so that the job restarts whatever the rescale has come to. */
    boolean failsTask() {
        return kind == Kind.SUBTASK_FAILS || disturbance == Disturbance.FAIL_TASK;
    }

    /** Whether a rescale that meets it goes on to its end. */
    boolean isHarmless() {
        return disturbance == Disturbance.LOSE_REPLY && target.hasNeedlessReply();
    }

    @Override
    public String toString() {
        return switch (kind) {
            case NOTHING -> "nothing happens";
            case SUBTASK_FAILS -> "subtask " + subtask + " fails";
            case COORDINATOR_BREAKS -> "the coordinator breaks in " + state;
            case COMMAND_DISTURBED -> disturbance + " " + target;
            case SAVEPOINT -> "savepoint in " + state;
            case ABORT -> "abort in " + state;
        };
    }
}
