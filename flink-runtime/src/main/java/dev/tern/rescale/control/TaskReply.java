package dev.tern.rescale.control;

import dev.tern.rescale.transfer.TransferEndpoint;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** What a task answers to a {@link TaskCommand}. */
public sealed interface TaskReply extends Serializable {

    /** Done. */
    record Done() implements TaskReply {}

    /** Not from the task, but instead: it has come to its natural end, and answers no more. */
    record Finished() implements TaskReply {}

    /**
     * Not done; nothing has changed in the task unless the message says so.
     *
     * @param problem one sentence
     */
    record Failed(String problem) implements TaskReply {}

    /**
     * @param obstacles sentences that say why this task cannot take part live; empty when it can
     * @param keyGroupBytes estimated serialized size of each key group the task holds
     * @param commits whether the task may retire only after a checkpoint, because of what it writes
     *     to the outside
     */
    record Inspected(
            List<String> obstacles, Map<Integer, Long> keyGroupBytes, boolean commits)
            implements TaskReply {}

    /**
     * Ready for a migration.
     *
     * @param endpoint units that leave are served here
     * @param freeHeapBytes heap of this process that state could take; {@link #NOT_ON_HEAP} when the
     *     state of this task is elsewhere
     */
    record Prepared(TransferEndpoint endpoint, long freeHeapBytes) implements TaskReply {

        public static final long NOT_ON_HEAP = -1;
    }

    /**
     * Expects the marker of a step.
     *
     * @param times how far time has come here, input by input
     */
    record Begun(long[] times) implements TaskReply {}

    /**
     * A step is over at this task.
     *
     * @param bytesReceived serialized bytes that arrived over the network
     * @param byReference key groups that arrived by reference, without crossing the network
     * @param suspensionNanos longest time a set-aside record waited, 0 when none did
     * @param setAsidePeakBytes most bytes that were set aside at once
     * @param setAsideSpilledBytes bytes set aside in this step that were written to disk
     * @param reRoutedRecords records that came here behind their unit, and were sent on
     */
    record StepDone(
            long bytesReceived,
            List<Integer> byReference,
            long suspensionNanos,
            long setAsidePeakBytes,
            long setAsideSpilledBytes,
            long reRoutedRecords)
            implements TaskReply {}
}
