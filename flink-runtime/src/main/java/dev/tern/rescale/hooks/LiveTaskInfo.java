package dev.tern.rescale.hooks;

import org.apache.flink.api.common.TaskInfoImpl;

/**
 * What a running task knows about itself. Every task has one of these; the number of its siblings
 * follows a live rescale, so that user code, and Flink's sinks, which count on all subtasks of one
 * checkpoint to tell the same number, see what there is.
 *
 * <p>Read by any thread; changed in the task mailbox, while no checkpoint is in flight. The task's
 * name keeps the number it was deployed with.
 */
public final class LiveTaskInfo extends TaskInfoImpl {

    private volatile int numberOfParallelSubtasks;

    public LiveTaskInfo(
            String taskName,
            int maxNumberOfParallelSubtasks,
            int indexOfSubtask,
            int numberOfParallelSubtasks,
            int attemptNumber,
            String allocationId) {
        super(
                taskName,
                maxNumberOfParallelSubtasks,
                indexOfSubtask,
                numberOfParallelSubtasks,
                attemptNumber,
                allocationId);
        this.numberOfParallelSubtasks = numberOfParallelSubtasks;
    }

    @Override
    public int getNumberOfParallelSubtasks() {
        return numberOfParallelSubtasks;
    }

    /**
     * The vertex has so many subtasks from now on.
     *
     * @throws IllegalArgumentException if this subtask would not be one of them
     */
    public void rescaled(int subtasks) {
        if (subtasks <= getIndexOfThisSubtask() || subtasks > getMaxNumberOfParallelSubtasks()) {
            throw new IllegalArgumentException(
                    String.format(
                            "%s cannot be one of %d subtasks.",
                            getTaskNameWithSubtasks(), subtasks));
        }
        numberOfParallelSubtasks = subtasks;
    }
}
