package dev.tern.rescale.request;

import java.io.Serializable;

/**
 * What a rescale moved and what that cost the records.
 *
 * @param keyGroupsMoved key groups that changed their owner
 * @param bytesMoved bytes of state that were handed over, whether or not they crossed the network
 * @param bytesMinimal bytes that the best balanced placement would have moved
 * @param longestSuspensionMs the longest time for which records of one key group had to wait, in
 *     milliseconds
 * @param setAsidePeakBytes the most bytes of records that one subtask kept waiting at once
 * @param setAsideSpilledBytes bytes of such records that were written to disk
 * @param reRoutedRecords records that came behind their unit to its old owner, and were sent on
 */
public record RescaleVolume(
        int keyGroupsMoved,
        long bytesMoved,
        long bytesMinimal,
        long longestSuspensionMs,
        long setAsidePeakBytes,
        long setAsideSpilledBytes,
        long reRoutedRecords)
        implements Serializable {

    /** Nothing has moved yet. */
    public static final RescaleVolume NONE = new RescaleVolume(0, 0L, 0L, 0L, 0L, 0L, 0L);
}
