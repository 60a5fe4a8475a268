package dev.tern.examples.measure;

import java.nio.ByteBuffer;

/**
 * One result seen by a sink: an entry of the arrival log (see the package description).
 *
 * @param recordId identity of the input record
 * @param keyHash the key, or the 64-bit hash of a key that is not a number
 * @param perKeyCount position of this record among those of its key, from 1
 * @param scheduledMicros when the record was due, epoch microseconds
 * @param outputMicros when the sink saw it, epoch microseconds
 * @param counterSubtask subtask of the keyed vertex that processed it
 * @param channel the ordered path it took to the keyed vertex
 */
public record Arrival(
        long recordId,
        long keyHash,
        long perKeyCount,
        long scheduledMicros,
        long outputMicros,
        int counterSubtask,
        int channel) {

    /** Size of an entry in the file. */
    public static final int BYTES = 48;

    /** Appends the entry at the position of a big-endian buffer that has {@link #BYTES} left. */
    void writeTo(ByteBuffer target) {
        target.putLong(recordId)
                .putLong(keyHash)
                .putLong(perKeyCount)
                .putLong(scheduledMicros)
                .putLong(outputMicros)
                .putInt(counterSubtask)
                .putInt(channel);
    }

    /** Reads the entry at the position of a big-endian buffer. */
    static Arrival readFrom(ByteBuffer source) {
        return new Arrival(
                source.getLong(),
                source.getLong(),
                source.getLong(),
                source.getLong(),
                source.getLong(),
                source.getInt(),
                source.getInt());
    }
}
