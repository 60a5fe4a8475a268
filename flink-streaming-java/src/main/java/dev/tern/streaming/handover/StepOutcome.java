package dev.tern.streaming.handover;

import dev.tern.rescale.control.TaskReply;

import java.util.function.Consumer;

/** How a step ended at one task, for whoever asks, before or after. Task mailbox thread. */
final class StepOutcome {

    private TaskReply reply;
    private Consumer<TaskReply> waiting;

    boolean isKnown() {
        return reply != null;
    }

    /** The step is over; what comes second is not heard. */
    void end(TaskReply outcome) {
        if (reply == null) {
            reply = outcome;
            if (waiting != null) {
                waiting.accept(outcome);
                waiting = null;
            }
        }
    }

    /** Calls back, once, when the step is over. */
    void whenKnown(Consumer<TaskReply> callback) {
        if (reply != null) {
            callback.accept(reply);
        } else {
            waiting = callback;
        }
    }
}
