package dev.tern.tests;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.api.common.JobID;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * What a test does to the rescales of one job: it sees every state, and can break the coordinator
 * in one and disturb the way of a command to a task. Any thread.
 *
 * <p>The one place where faults come in: {@link InjectingProbe} on the side of the JobMaster and
 * {@link InjectingTaskHooks} on the side of the tasks ask here.
 */
final class Injection {

    /** What happens to a command. */
    enum Disturbance {
        /** It never arrives. */
        LOSE_COMMAND,
        /** It is carried out, but the answer never arrives. */
        LOSE_REPLY,
        /** The task cannot carry it out. */
        REFUSE,
        /** The task fails when it comes. */
        FAIL_TASK,
        /** It, and every later one to the same task, waits for {@link Injection#release}. */
        HOLD
    }

    /** Which command to which task. */
    record Target(Class<? extends TaskCommand> command, String vertex, int subtask) {

        boolean matches(TaskCommand sent, String task, int index) {
            return command.isInstance(sent) && task.contains(vertex) && index == subtask;
        }

        /** Whether a rescale can do without the reply: the end of the task says the same. */
        boolean hasNeedlessReply() {
            return command == TaskCommand.Retire.class;
        }
    }

    private record Disturbed(
            Target target, Disturbance disturbance, RescaleState from, CountDownLatch hit) {}

    private static final Map<JobID, Injection> BY_JOB = new ConcurrentHashMap<>();

    private final List<RescaleState> hits = new ArrayList<>();
    private volatile RescaleState state = RescaleState.IDLE;
    private volatile RescaleState brokenIn;
    private volatile Runnable onEntry;
    private volatile RescaleState entered;
    private volatile UnaryOperator<TaskCommand> rewriting = UnaryOperator.identity();
    private volatile boolean queuedBehind;
    private Disturbed armed;
    private Runnable held;

    static Injection of(JobID job) {
        return BY_JOB.computeIfAbsent(job, ignored -> new Injection());
    }

    /** The injection of a job, or null when no test wants any. */
    static Injection find(JobID job) {
        return BY_JOB.get(job);
    }

    // ------------------------------------------------------------------ what a test says

    /** The coordinator breaks when it enters this state. */
    void breakIn(RescaleState broken) {
        brokenIn = broken;
    }

    /** Something that happens, once, when the coordinator enters this state; it must not block. */
    void onEntry(RescaleState into, Runnable action) {
        onEntry = action;
        entered = into;
    }

    /** The next such command is disturbed. */
    void disturb(Target target, Disturbance disturbance) {
        disturb(target, disturbance, RescaleState.IDLE);
    }

    /** The next such command that comes when the coordinator is in this state or beyond. */
    synchronized void disturb(Target target, Disturbance disturbance, RescaleState from) {
        armed = new Disturbed(target, disturbance, from, new CountDownLatch(1));
    }

    /** Whatever was armed and has not struck is forgotten. */
    synchronized void calm() {
        brokenIn = null;
        entered = null;
        armed = null;
    }

    /** Every command reaches its task in this form. */
    void rewrite(UnaryOperator<TaskCommand> rewritten) {
        rewriting = rewritten;
    }

    /** Waits until the armed command came by. */
    void awaitHit() throws InterruptedException {
        Disturbed awaited;
        synchronized (this) {
            awaited = armed;
        }
        if (!awaited.hit().await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("Nothing came by for " + awaited + " in " + state);
        }
    }

    /** Whether a later command waits behind the one that is held: its sender has given it up. */
    boolean isGivenUp() {
        return queuedBehind;
    }

    /** Lets what is held go on. */
    void release() {
        Runnable going;
        synchronized (this) {
            going = held;
            held = null;
        }
        if (going != null) {
            going.run();
        }
    }

    /** The states in which something was injected, in order. */
    synchronized List<RescaleState> hits() {
        return List.copyOf(hits);
    }

    RescaleState state() {
        return state;
    }

    // ------------------------------------------------------------------ what the hooks ask

    void entered(RescaleState next) {
        state = next;
        if (next == entered) {
            entered = null;
            hit();
            onEntry.run();
        }
        if (next == brokenIn) {
            brokenIn = null;
            hit();
            throw new IllegalStateException("injected failure of the coordinator in " + next);
        }
    }

    /** What is to be done to this command; null when it may pass. */
    synchronized Disturbance disturbanceOf(TaskCommand command, String task, int subtask) {
        if (armed == null
                || armed.hit().getCount() == 0
                || state.compareTo(armed.from()) < 0
                || !armed.target().matches(command, task, subtask)) {
            return null;
        }
        hit();
        Disturbance disturbance = armed.disturbance();
        if (disturbance != Disturbance.HOLD) {
            armed.hit().countDown();
        }
        return disturbance;
    }

    TaskCommand rewritten(TaskCommand command) {
        return rewriting.apply(command);
    }

    /** The command is held until this is run. */
    synchronized void held(Runnable goOn) {
        held = goOn;
        armed.hit().countDown();
    }

    void queuedBehind() {
        queuedBehind = true;
    }

    /** Something else than a command was harmed. */
    synchronized void hit() {
        hits.add(state);
    }
}
