package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskReply;

import org.apache.flink.runtime.executiongraph.ExecutionVertex;

import java.util.List;

/** What it means for a rescale that tasks come to their natural end. Pure. */
final class NaturalEnd {

    private NaturalEnd() {}

    /**
     * Refuses to go on without a task that has finished.
     *
     * @return the replies
     */
    static List<TaskReply> requireNone(List<ExecutionVertex> tasks, List<TaskReply> replies) {
        int finished = 0;
        while (finished < replies.size()
                && !(replies.get(finished) instanceof TaskReply.Finished)) {
            finished++;
        }
        if (finished < replies.size()) {
            throw new RescaleException(
                    tasks.get(finished).getTaskNameWithSubtaskIndex()
                            + " has reached the end of its input and has finished; the job is"
                            + " about to end.");
        }
        return replies;
    }
}
