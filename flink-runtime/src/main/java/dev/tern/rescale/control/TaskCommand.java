package dev.tern.rescale.control;

import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.strategy.HandoverChoices;
import dev.tern.rescale.transfer.TransferEndpoint;

import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.shuffle.ShuffleDescriptor;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the rescale coordinator asks a running task to do.
 *
 * <p>Carried out in the task mailbox, in the order sent, and answered by one {@link TaskReply}.
 */
public sealed interface TaskCommand extends Serializable {

    /**
     * Owner: what does this task hold, and what stands against moving it?
     *
     * @param retiring whether the task would be retired
     * @param keyed whether its records find it by key; else any subtask may process any record
     */
    record Inspect(boolean retiring, boolean keyed) implements TaskCommand {}

    /** Any task: answer from the mailbox, to show that it runs mail. */
    record Ping() implements TaskCommand {}

    /**
     * Owner: the rescale begins. Until {@link TellParallelism} ends it, the task goes on when its
     * input ends.
     */
    record HoldEnd() implements TaskCommand {}

    /** Upstream: append subpartitions to the results. */
    record GrowOutput(Set<IntermediateDataSetID> results, int subpartitions)
            implements TaskCommand {}

    /** Upstream: the readers of new subpartitions run; tell them status and watermark. */
    record PrimeOutput(Set<IntermediateDataSetID> results) implements TaskCommand {}

    /** Downstream: drop channels from this index on whose producers never owned anything. */
    record AbandonInput(IntermediateDataSetID result, int producers) implements TaskCommand {}

    /**
     * Downstream: add a channel for each new producer.
     *
     * @param consumedSubpartition the subpartition this task reads of each producer
     * @param lastCheckpoint the latest checkpoint there was; none up to it is under way any more
     */
    record GrowInput(
            IntermediateDataSetID result,
            int consumedSubpartition,
            List<ShuffleDescriptor> producers,
            long lastCheckpoint)
            implements TaskCommand {}

    /**
     * Downstream task that is new itself, as some of its producers are: read each as soon as it has
     * been restored, and not once all of them have; those that are not new will not say so.
     */
    record SettleInput(IntermediateDataSetID result) implements TaskCommand {}

    /**
     * Owner: get ready for a migration; nothing changes for records yet.
     *
     * @param self identity of the TaskExecutor that runs the task
     * @param before ownership before the first step
     * @param after ownership after the last step
     */
    record PrepareOwner(ResourceID self, Ownership before, Ownership after, OwnerOptions options)
            implements TaskCommand {}

    /**
     * Owner: expect the marker of a step.
     *
     * @param owners where each old owner of the step can be reached, by subtask index; in the first
     *     step of a growing vertex with a broadcast input also subtask 0, from which new subtasks
     *     get broadcast state
     */
    record BeginStep(MigrationStep step, Map<Integer, OwnerAddress> owners)
            implements TaskCommand {}

    /**
     * Owner: answer when every unit of the step has left or arrived.
     *
     * @param latest the latest times of all owners when they had begun the step, input by input:
     *     units that leave before all channels have shown the marker leave at these times
     */
    record AwaitStep(int step, long[] latest) implements TaskCommand {}

    /**
     * Upstream: from now on route by this ownership; mark the switch on every channel.
     *
     * @param liveSubtasks how many subtasks get watermarks and other broadcasts afterwards
     * @param announced whether a marker that overtakes the records goes ahead of the other
     */
    record SwitchRoutes(
            Set<IntermediateDataSetID> results,
            int step,
            Ownership ownership,
            int liveSubtasks,
            boolean announced)
            implements TaskCommand {}

    /**
     * Upstream of a vertex that is not keyed: from now on spread records over so many subtasks; mark
     * the switch on every channel.
     */
    record SpreadRoutes(Set<IntermediateDataSetID> results, int subtasks) implements TaskCommand {}

    /** Task that gets no more records once routes are switched: expect the markers. */
    record BeginDrain() implements TaskCommand {}

    /** Such a task: answer when it has processed everything. */
    record AwaitDrain() implements TaskCommand {}

    /**
     * Task that gets no more records: give away what operators hold back, and mark the end of it on
     * these results.
     */
    record PassOn(Set<IntermediateDataSetID> results) implements TaskCommand {}

    /** Owner: the migration is over; this is the ownership from now on. */
    record CommitOwner(Ownership ownership) implements TaskCommand {}

    /** Upstream: the migration is over; go back to Flink's partitioner where it is right. */
    record CommitRoutes(Set<IntermediateDataSetID> results, Ownership ownership)
            implements TaskCommand {}

    /** Owner: nothing has moved; forget the migration. */
    record AbortOwner(Ownership ownership) implements TaskCommand {}

    /**
     * Owner: the rescale is over, and the vertex has so many subtasks from now on; user code may ask,
     * and the input may end.
     */
    record TellParallelism(int subtasks) implements TaskCommand {}

    /** Owner that owns nothing any more: sinks write out what they hold. */
    record Seal() implements TaskCommand {}

    /**
     * Owner that owns nothing any more: answer when a checkpoint after this one is complete and
     * everything it prepared is committed.
     */
    record AwaitCheckpoint(long after) implements TaskCommand {}

    /** Owner that owns nothing any more: end the input and finish. */
    record Retire() implements TaskCommand {}

    /** Downstream: drop the channels of producers from this index on, once they have ended. */
    record ShrinkInput(IntermediateDataSetID result, int producers) implements TaskCommand {}

    /** Upstream: drop the subpartitions from this index on, once they are released. */
    record ShrinkOutput(Set<IntermediateDataSetID> results, int subpartitions)
            implements TaskCommand {}

    /**
     * Settings of an owner during a migration.
     *
     * @param setAsideBytes memory for records of units that are still on their way; more spill to
     *     disk
     * @param byReference whether units may be handed over by reference inside a process
     * @param assertOwnership whether every selected key is checked against the ownership
     * @param choices how a step is handed over
     */
    record OwnerOptions(
            long setAsideBytes,
            boolean byReference,
            boolean assertOwnership,
            HandoverChoices choices)
            implements Serializable {}

    /**
     * Where units of an old owner are requested.
     *
     * @param process identity of its TaskExecutor
     * @param attempt its execution attempt, as text
     * @param endpoint where its process serves units
     */
    record OwnerAddress(ResourceID process, String attempt, TransferEndpoint endpoint)
            implements Serializable {}
}
