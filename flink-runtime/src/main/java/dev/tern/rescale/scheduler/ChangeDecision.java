package dev.tern.rescale.scheduler;

/** What to do now about a change that somebody asked for. */
enum ChangeDecision {
    /** Some tasks are over: the stock way. */
    GIVE_UP_FINISHED,
    /** Tasks are still starting: look again soon. */
    LOOK_AGAIN,
    /** The shape of the job is against it: the stock way, or a refusal. */
    GIVE_UP_OBSTACLE,
    /** Slots are missing. */
    WAIT_FOR_SLOTS,
    /** The user allowed a restart, and it cannot be done live. */
    RESTART,
    /** Rescale live. */
    START;

    /** What is known of the tasks of a job. */
    enum Tasks {
        /** All run. */
        RUNNING,
        /** All run or have finished. */
        FINISHING,
        /** Anything else. */
        CHANGING
    }

    /**
     * @param obstacle whether the shape of the job is against a live change
     * @param restarts whether the change is one by restart
     * @param slots whether the slots are there
     */
    static ChangeDecision of(Tasks tasks, boolean obstacle, boolean restarts, boolean slots) {
        if (tasks == Tasks.FINISHING) {
            return GIVE_UP_FINISHED;
        }
        if (tasks == Tasks.CHANGING) {
            return LOOK_AGAIN;
        }
        if (obstacle && !restarts) {
            return GIVE_UP_OBSTACLE;
        }
        if (!slots) {
            return WAIT_FOR_SLOTS;
        }
        return restarts ? RESTART : START;
    }
}
