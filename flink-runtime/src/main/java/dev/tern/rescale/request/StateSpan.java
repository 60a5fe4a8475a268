package dev.tern.rescale.request;

import java.io.Serializable;
import java.util.Objects;

/**
 * The time a rescale spent in one state.
 *
 * @param state the state
 * @param startMillis when it was entered, in milliseconds since the epoch
 * @param endMillis when it was left, in milliseconds since the epoch; {@link #OPEN} while the
 *     rescale is in it
 */
public record StateSpan(RescaleState state, long startMillis, long endMillis)
        implements Serializable {

    /** The end of a span that has not ended. */
    public static final long OPEN = -1L;

    public StateSpan {
        Objects.requireNonNull(state, "state");
        if (endMillis != OPEN && endMillis < startMillis) {
            // The wall clock was set back. A negative duration would help nobody.
            endMillis = startMillis;
        }
    }

    /** Whether the rescale is still in this state. */
    public boolean isOpen() {
        return endMillis == OPEN;
    }

    /** How long the state lasted, or has lasted at {@code nowMillis}, in milliseconds. */
    public long durationMs(long nowMillis) {
        return Math.max(0L, (isOpen() ? nowMillis : endMillis) - startMillis);
    }

    StateSpan endedAt(long millis) {
        return isOpen() ? new StateSpan(state, startMillis, millis) : this;
    }
}
