package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.plan.FewestMoves;
import dev.tern.rescale.plan.MigrationPlan;
import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Move;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.request.RescaleVolume;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Adds up what steps moved. */
public final class StepAccounting {

    private StepAccounting() {}

    /** Estimated bytes of the key groups that the best balanced placement would move. */
    public static long minimalBytes(
            Ownership before, int parallelism, Map<Integer, Long> keyGroupBytes) {
        Ownership minimal = FewestMoves.place(before, parallelism);
        return bytesOf(MigrationPlan.difference(before, minimal), keyGroupBytes);
    }

    /** The volume so far with one more step. */
    static RescaleVolume total(
            RescaleVolume before,
            MigrationStep step,
            Map<Integer, Long> keyGroupBytes,
            long bytesMinimal,
            List<TaskReply> replies) {
        long bytes = 0;
        long peak = before.setAsidePeakBytes();
        long spilled = before.setAsideSpilledBytes();
        long reRouted = before.reRoutedRecords();
        for (TaskReply reply : replies) {
            TaskReply.StepDone done = (TaskReply.StepDone) reply;
            bytes += done.bytesReceived();
            peak = Math.max(peak, done.setAsidePeakBytes());
            spilled += done.setAsideSpilledBytes();
            reRouted += done.reRoutedRecords();
            // What changed hands inside a process was never serialized: its size is an estimate.
            for (int keyGroup : done.byReference()) {
                bytes += keyGroupBytes.getOrDefault(keyGroup, 0L);
            }
        }
        return new RescaleVolume(
                before.keyGroupsMoved() + step.moves().size(),
                before.bytesMoved() + bytes,
                bytesMinimal,
                Math.max(
                        before.longestSuspensionMs(),
                        TimeUnit.NANOSECONDS.toMillis(suspensionNanos(replies) + 999_999)),
                peak,
                spilled,
                reRouted);
    }

    /** The latest times that owners had come to when a step began, input by input. */
    static long[] latestTimes(List<TaskReply> replies) {
        long[] latest = {};
        for (TaskReply reply : replies) {
            if (reply instanceof TaskReply.Begun begun) {
                latest = latest.length == 0 ? begun.times().clone() : latest;
                for (int input = 0; input < latest.length; input++) {
                    latest[input] = Math.max(latest[input], begun.times()[input]);
                }
            }
        }
        return latest;
    }

    /** The longest time a record waited in one step. */
    static long suspensionNanos(List<TaskReply> replies) {
        return replies.stream()
                .mapToLong(reply -> ((TaskReply.StepDone) reply).suspensionNanos())
                .max()
                .orElse(0);
    }

    /** Estimated bytes of the given moves. */
    public static long bytesOf(List<Move> moves, Map<Integer, Long> keyGroupBytes) {
        return moves.stream().mapToLong(m -> keyGroupBytes.getOrDefault(m.keyGroup(), 0L)).sum();
    }
}
