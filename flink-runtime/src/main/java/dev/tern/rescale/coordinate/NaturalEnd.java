package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskReply;

import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.operators.coordination.TaskNotRunningException;
import org.apache.flink.util.ExceptionUtils;

import java.util.List;
import java.util.function.IntFunction;

/** What it means for a rescale that tasks come to their natural end. Pure. */
final class NaturalEnd {

    /** Why a task cannot be reached. */
    enum Unreachable {
        /** It has finished. */
        FINISHED,
        /** It does not run any more, but that is not known here yet. */
        ENDING,
        /** Anything else. */
        LOST
    }

    private NaturalEnd() {}

    /**
     * @param known the state of the task, as it is known here
     * @param failure how the attempt to reach it failed
     */
    static Unreachable of(ExecutionState known, Throwable failure) {
        if (known == ExecutionState.FINISHED) {
            return Unreachable.FINISHED;
        }
        boolean notRunning =
                ExceptionUtils.findThrowable(failure, TaskNotRunningException.class).isPresent();
        return notRunning && known == ExecutionState.RUNNING
                ? Unreachable.ENDING
                : Unreachable.LOST;
    }

    /**
     * Refuses to go on without a task that has finished.
     *
     * @param nameOf name of the task that gave a reply, by its place in the list
     * @return the replies
     */
    static List<TaskReply> requireNone(List<TaskReply> replies, IntFunction<String> nameOf) {
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i) instanceof TaskReply.Finished) {
                throw new RescaleException(
                        nameOf.apply(i)
                                + " has reached the end of its input and has finished; the job is"
                                + " about to end.");
            }
        }
        return replies;
    }
}
