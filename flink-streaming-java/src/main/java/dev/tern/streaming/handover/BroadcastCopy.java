package dev.tern.streaming.handover;

import dev.tern.rescale.control.TaskCommand.PrepareOwner;

/**
 * The part of one subtask in copying broadcast state: in the first step of a growing vertex with a
 * broadcast input one survivor gives a copy, and every new subtask takes one. Task mailbox thread.
 */
final class BroadcastCopy {

    /** The subtask that gives copies: there before and after every growth. */
    static final int GIVER = 0;

    private enum Role {
        NONE,
        GIVES,
        TAKES
    }

    private final Role role;
    private boolean done;

    private BroadcastCopy(Role role) {
        this.role = role;
        this.done = role == Role.NONE;
    }

    /**
     * @param hasBroadcast whether the vertex has a broadcast input
     */
    static BroadcastCopy of(PrepareOwner prepare, int subtask, int step, boolean hasBroadcast) {
        boolean grows = prepare.after().parallelism() > prepare.before().parallelism();
        if (!hasBroadcast || !grows || step != 0) {
            return new BroadcastCopy(Role.NONE);
        }
        if (subtask >= prepare.before().parallelism()) {
            return new BroadcastCopy(Role.TAKES);
        }
        return new BroadcastCopy(subtask == GIVER ? Role.GIVES : Role.NONE);
    }

    boolean takes() {
        return role == Role.TAKES;
    }

    /** Whether a copy is still to be given from here. */
    boolean isToGive() {
        return role == Role.GIVES && !done;
    }

    /** Whether a copy is still to come here. */
    boolean isToCome() {
        return role == Role.TAKES && !done;
    }

    /** Whether nothing is left to be done. */
    boolean isDone() {
        return done;
    }

    /** The copy was given, or has come. */
    void finish() {
        done = true;
    }
}
