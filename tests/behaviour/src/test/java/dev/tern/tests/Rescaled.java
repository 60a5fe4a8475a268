package dev.tern.tests;

import static dev.tern.rescale.request.RescaleState.COMMIT;
import static dev.tern.rescale.request.RescaleState.GROW_DOWNSTREAM;
import static dev.tern.rescale.request.RescaleState.GROW_UPSTREAM;
import static dev.tern.rescale.request.RescaleState.MIGRATE;
import static dev.tern.rescale.request.RescaleState.PREFLIGHT;
import static dev.tern.rescale.request.RescaleState.PREPARE_OWNERS;
import static dev.tern.rescale.request.RescaleState.QUIESCE;
import static dev.tern.rescale.request.RescaleState.RETIRE;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.control.TaskCommand.AwaitDrain;
import dev.tern.rescale.control.TaskCommand.AwaitStep;
import dev.tern.rescale.control.TaskCommand.BeginDrain;
import dev.tern.rescale.control.TaskCommand.BeginStep;
import dev.tern.rescale.control.TaskCommand.CommitOwner;
import dev.tern.rescale.control.TaskCommand.CommitRoutes;
import dev.tern.rescale.control.TaskCommand.GrowInput;
import dev.tern.rescale.control.TaskCommand.GrowOutput;
import dev.tern.rescale.control.TaskCommand.HoldEnd;
import dev.tern.rescale.control.TaskCommand.Inspect;
import dev.tern.rescale.control.TaskCommand.PassOn;
import dev.tern.rescale.control.TaskCommand.Ping;
import dev.tern.rescale.control.TaskCommand.PrepareOwner;
import dev.tern.rescale.control.TaskCommand.PrimeOutput;
import dev.tern.rescale.control.TaskCommand.Retire;
import dev.tern.rescale.control.TaskCommand.SettleInput;
import dev.tern.rescale.control.TaskCommand.ShrinkInput;
import dev.tern.rescale.control.TaskCommand.ShrinkOutput;
import dev.tern.rescale.control.TaskCommand.SpreadRoutes;
import dev.tern.rescale.control.TaskCommand.SwitchRoutes;
import dev.tern.rescale.control.TaskCommand.TellParallelism;
import dev.tern.rescale.request.RescaleState;
import dev.tern.tests.Injection.Target;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is rescaled while a fault strikes, and what the coordinator says meanwhile. */
enum Rescaled {
    /** SOURCE -> COUNT -> CHECK. */
    ONE_VERTEX(
            List.of(CountingJob.COUNT),
            new int[] {4},
            new int[] {3},
            List.of(
                    out(PREFLIGHT, Inspect.class, Task.OLD),
                    out(PREFLIGHT, Ping.class, Task.UPSTREAM),
                    out(PREFLIGHT, Ping.class, Task.DOWNSTREAM),
                    out(QUIESCE, HoldEnd.class, Task.OLD),
                    out(GROW_UPSTREAM, GrowOutput.class, Task.UPSTREAM_1),
                    out(GROW_DOWNSTREAM, PrimeOutput.class, Task.UPSTREAM),
                    out(GROW_DOWNSTREAM, GrowInput.class, Task.DOWNSTREAM_1),
                    out(PREPARE_OWNERS, PrepareOwner.class, Task.OLD),
                    out(PREPARE_OWNERS, PrepareOwner.class, Task.NEW),
                    out(PREPARE_OWNERS, BeginStep.class, Task.OLD),
                    out(PREPARE_OWNERS, BeginStep.class, Task.NEW),
                    out(MIGRATE, SwitchRoutes.class, Task.UPSTREAM),
                    out(MIGRATE, AwaitStep.class, Task.OLD),
                    out(MIGRATE, AwaitStep.class, Task.NEW),
                    out(COMMIT, CommitOwner.class, Task.OLD),
                    out(COMMIT, CommitOwner.class, Task.NEW),
                    out(COMMIT, CommitRoutes.class, Task.UPSTREAM_1),
                    out(COMMIT, TellParallelism.class, Task.OLD),
                    in(RETIRE, Retire.class, Task.NEW),
                    in(RETIRE, ShrinkInput.class, Task.DOWNSTREAM),
                    in(RETIRE, ShrinkOutput.class, Task.UPSTREAM_1))),

    /** Two keyed vertices, one of which feeds the other: SOURCE -> COUNT -> AGAIN -> CHECK. */
    KEYED_VERTICES(
            List.of(CountingJob.COUNT, CountingJob.AGAIN),
            new int[] {4, 3},
            new int[] {3, 4},
            List.of(
                    out(PREFLIGHT, Inspect.class, Task.OLD),
                    out(PREFLIGHT, Inspect.class, Task.OLD_AGAIN),
                    out(PREFLIGHT, Ping.class, Task.UPSTREAM),
                    out(PREFLIGHT, Ping.class, Task.DOWNSTREAM),
                    out(QUIESCE, HoldEnd.class, Task.OLD_AGAIN),
                    out(GROW_UPSTREAM, GrowOutput.class, Task.UPSTREAM),
                    out(GROW_UPSTREAM, GrowOutput.class, Task.OLD),
                    out(GROW_DOWNSTREAM, CommitRoutes.class, Task.NEW),
                    out(GROW_DOWNSTREAM, PrimeOutput.class, Task.OLD),
                    out(GROW_DOWNSTREAM, PrimeOutput.class, Task.NEW),
                    out(GROW_DOWNSTREAM, GrowInput.class, Task.OLD_AGAIN),
                    out(GROW_DOWNSTREAM, SettleInput.class, Task.NEW_AGAIN),
                    out(GROW_DOWNSTREAM, GrowInput.class, Task.DOWNSTREAM),
                    out(PREPARE_OWNERS, PrepareOwner.class, Task.NEW),
                    out(PREPARE_OWNERS, PrepareOwner.class, Task.OLD_AGAIN),
                    out(PREPARE_OWNERS, PrepareOwner.class, Task.NEW_AGAIN),
                    out(PREPARE_OWNERS, BeginStep.class, Task.OLD),
                    out(MIGRATE, SwitchRoutes.class, Task.UPSTREAM_1),
                    out(MIGRATE, AwaitStep.class, Task.NEW),
                    // COUNT has moved then, and AGAIN has not.
                    out(MIGRATE, BeginStep.class, Task.NEW_AGAIN),
                    out(MIGRATE, SwitchRoutes.class, Task.OLD),
                    out(MIGRATE, SwitchRoutes.class, Task.NEW),
                    out(MIGRATE, AwaitStep.class, Task.OLD_AGAIN),
                    out(MIGRATE, AwaitStep.class, Task.NEW_AGAIN),
                    out(COMMIT, CommitOwner.class, Task.OLD_AGAIN),
                    out(COMMIT, CommitOwner.class, Task.NEW_AGAIN),
                    out(COMMIT, CommitRoutes.class, Task.UPSTREAM),
                    out(COMMIT, CommitRoutes.class, Task.NEW),
                    out(COMMIT, TellParallelism.class, Task.NEW_AGAIN),
                    in(MIGRATE, SwitchRoutes.class, Task.NEW),
                    in(RETIRE, Retire.class, Task.NEW),
                    in(RETIRE, Retire.class, Task.NEW_AGAIN),
                    in(RETIRE, ShrinkInput.class, Task.OLD_AGAIN),
                    in(RETIRE, ShrinkInput.class, Task.DOWNSTREAM),
                    in(RETIRE, ShrinkOutput.class, Task.UPSTREAM),
                    in(RETIRE, ShrinkOutput.class, Task.OLD))),

    /** One whose records may go anywhere, and a keyed one: SOURCE -> SPREAD -> COUNT -> CHECK. */
    SPREAD_AND_KEYED(
            List.of(CountingJob.SPREAD, CountingJob.COUNT),
            new int[] {3, 4},
            new int[] {4, 3},
            List.of(
                    out(PREFLIGHT, Inspect.class, Task.OLD_SPREAD),
                    out(PREFLIGHT, Ping.class, Task.UPSTREAM_1),
                    out(QUIESCE, HoldEnd.class, Task.OLD_SPREAD),
                    out(GROW_UPSTREAM, GrowOutput.class, Task.UPSTREAM),
                    out(GROW_UPSTREAM, GrowOutput.class, Task.OLD_SPREAD),
                    out(GROW_DOWNSTREAM, PrimeOutput.class, Task.NEW_SPREAD),
                    out(GROW_DOWNSTREAM, GrowInput.class, Task.OLD),
                    out(GROW_DOWNSTREAM, SettleInput.class, Task.NEW),
                    out(PREPARE_OWNERS, PrepareOwner.class, Task.OLD),
                    out(MIGRATE, SwitchRoutes.class, Task.OLD_SPREAD),
                    // Key groups have moved then.
                    out(MIGRATE, SpreadRoutes.class, Task.UPSTREAM),
                    out(COMMIT, CommitRoutes.class, Task.UPSTREAM),
                    out(COMMIT, CommitRoutes.class, Task.NEW_SPREAD),
                    out(COMMIT, TellParallelism.class, Task.NEW_SPREAD),
                    in(PREPARE_OWNERS, BeginDrain.class, Task.NEW_SPREAD),
                    in(MIGRATE, SwitchRoutes.class, Task.NEW_SPREAD),
                    in(MIGRATE, AwaitDrain.class, Task.NEW_SPREAD),
                    in(MIGRATE, SpreadRoutes.class, Task.UPSTREAM_1),
                    in(RETIRE, Retire.class, Task.NEW_SPREAD),
                    in(RETIRE, ShrinkInput.class, Task.OLD),
                    in(RETIRE, ShrinkOutput.class, Task.OLD_SPREAD))),

    /** Two that a pointwise edge connects: SOURCE -> COUNT => MAPPED -> CHECK. */
    POINTWISE_GROUP(
            List.of(CountingJob.COUNT, CountingJob.MAPPED),
            new int[] {4, 4},
            new int[] {3, 3},
            List.of(
                    out(PREFLIGHT, Inspect.class, Task.OLD_MAPPED),
                    out(PREFLIGHT, Ping.class, Task.DOWNSTREAM_1),
                    out(QUIESCE, HoldEnd.class, Task.OLD_MAPPED),
                    out(GROW_UPSTREAM, GrowOutput.class, Task.UPSTREAM),
                    out(GROW_DOWNSTREAM, PrimeOutput.class, Task.UPSTREAM_1),
                    out(GROW_DOWNSTREAM, GrowInput.class, Task.DOWNSTREAM),
                    out(PREPARE_OWNERS, PrepareOwner.class, Task.NEW),
                    out(PREPARE_OWNERS, BeginStep.class, Task.OLD),
                    out(MIGRATE, SwitchRoutes.class, Task.UPSTREAM_1),
                    out(MIGRATE, AwaitStep.class, Task.OLD),
                    out(MIGRATE, AwaitStep.class, Task.NEW),
                    out(COMMIT, CommitOwner.class, Task.NEW),
                    out(COMMIT, CommitRoutes.class, Task.UPSTREAM),
                    out(COMMIT, TellParallelism.class, Task.OLD_MAPPED),
                    in(PREPARE_OWNERS, BeginDrain.class, Task.NEW_MAPPED),
                    in(MIGRATE, AwaitStep.class, Task.NEW),
                    in(COMMIT, PassOn.class, Task.NEW),
                    in(COMMIT, AwaitDrain.class, Task.NEW_MAPPED),
                    in(RETIRE, Retire.class, Task.NEW_MAPPED),
                    in(RETIRE, Retire.class, Task.NEW),
                    in(RETIRE, ShrinkInput.class, Task.DOWNSTREAM),
                    in(RETIRE, ShrinkOutput.class, Task.UPSTREAM)));

    /** One task for each part that gets commands. New subtasks are those that a scale-in retires. */
    private enum Task {
        UPSTREAM("SOURCE", 0),
        UPSTREAM_1("SOURCE", 1),
        OLD(CountingJob.COUNT, 0),
        NEW(CountingJob.COUNT, 3),
        OLD_AGAIN(CountingJob.AGAIN, 1),
        NEW_AGAIN(CountingJob.AGAIN, 2),
        OLD_SPREAD(CountingJob.SPREAD, 0),
        NEW_SPREAD(CountingJob.SPREAD, 2),
        OLD_MAPPED(CountingJob.MAPPED, 0),
        NEW_MAPPED(CountingJob.MAPPED, 3),
        DOWNSTREAM(CountingJob.CHECK, 0),
        DOWNSTREAM_1(CountingJob.CHECK, 1);

        private final String vertex;
        private final int subtask;

        Task(String vertex, int subtask) {
            this.vertex = vertex;
            this.subtask = subtask;
        }
    }

    /**
     * A command.
     *
     * @param inward whether a scale-in sends it, else a scale-out
     * @param state in which the coordinator sends it
     */
    record Message(boolean inward, RescaleState state, Target target) {}

    private final List<String> vertices;
    private final int[] large;
    private final int[] other;
    private final List<Message> messages;

    /**
     * @param large how many subtasks of each a scale-out leads to, from two; a scale-in comes from
     *     there
     * @param other how many the rescale after it leads to
     */
    Rescaled(List<String> vertices, int[] large, int[] other, List<Message> messages) {
        this.vertices = vertices;
        this.large = large;
        this.other = other;
        this.messages = messages;
    }

    private static Message out(
            RescaleState state, Class<? extends TaskCommand> command, Task task) {
        return new Message(false, state, new Target(command, task.vertex, task.subtask));
    }

    private static Message in(RescaleState state, Class<? extends TaskCommand> command, Task task) {
        return new Message(true, state, new Target(command, task.vertex, task.subtask));
    }

    /** Commands of each state, for each part that gets any. */
    List<Message> messages() {
        return messages;
    }

    /** Vertices that no edge ties together are named in one {@code PUT}. */
    boolean isNamedOneByOne() {
        return this == KEYED_VERTICES || this == SPREAD_AND_KEYED;
    }

    Map<String, Integer> small() {
        return sizes(vertices.stream().mapToInt(ignored -> 2).toArray());
    }

    Map<String, Integer> large() {
        return sizes(large);
    }

    /** Neither of the two. */
    Map<String, Integer> other() {
        return sizes(other);
    }

    private Map<String, Integer> sizes(int[] parallelism) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        for (int i = 0; i < parallelism.length; i++) {
            sizes.put(vertices.get(i), parallelism[i]);
        }
        return sizes;
    }
}
