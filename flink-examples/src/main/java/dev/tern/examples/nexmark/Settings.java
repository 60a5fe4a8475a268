package dev.tern.examples.nexmark;

import java.io.Serializable;

/**
 * What the queries have to know.
 *
 * @param windowMillis length of the windows of q5, q7 and q8
 * @param stepMillis how far the windows of q5 are apart
 * @param auctionSkip q2 takes each so-many-th auction
 * @param microsPerEventMilli how long a millisecond of event time takes
 */
public record Settings(
        long windowMillis, long stepMillis, long auctionSkip, double microsPerEventMilli)
        implements Serializable {

    /** When a later event time is due, given an event. */
    long dueMicros(long scheduledMicros, long timeMillis, long laterMillis) {
        return scheduledMicros + (long) ((laterMillis - timeMillis) * microsPerEventMilli);
    }

    /** The end of the window without overlap that a time is in. */
    long windowEnd(long timeMillis) {
        return timeMillis - Math.floorMod(timeMillis, windowMillis) + windowMillis;
    }
}
