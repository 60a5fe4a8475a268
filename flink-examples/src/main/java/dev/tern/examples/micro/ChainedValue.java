package dev.tern.examples.micro;

import dev.tern.examples.measure.KeySequence;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * State of a given size: how many records the key has had, the key, a chain of their ids, and
 * filling that follows from the key.
 *
 * <p>The chain depends on every record and on their order. Each update checks key and filling: a
 * value that was mixed up or damaged on the way to another subtask fails the job.
 */
public final class ChainedValue {

    /** The smallest value: count, key and chain. */
    public static final int LEAST_BYTES = 24;

    private static final int COUNT = 0;
    private static final int KEY = 8;
    private static final int CHAIN = 16;

    private ChainedValue() {}

    /** The value of a key after one more record; null stands for none before. */
    public static byte[] next(long key, long recordId, byte[] before, int bytes) {
        byte filling = (byte) KeySequence.mix(key);
        byte[] after;
        if (before == null) {
            after = new byte[bytes];
            Arrays.fill(after, filling);
            ByteBuffer.wrap(after).putLong(COUNT, 0).putLong(KEY, key).putLong(CHAIN, 0);
        } else {
            check(key, before, bytes, filling);
            // The backend may still be writing the old value into a checkpoint.
            after = before.clone();
        }
        ByteBuffer value = ByteBuffer.wrap(after);
        value.putLong(COUNT, value.getLong(COUNT) + 1);
        value.putLong(CHAIN, chain(value.getLong(CHAIN), recordId));
        return after;
    }

    private static void check(long key, byte[] before, int bytes, byte filling) {
        long owner = ByteBuffer.wrap(before).getLong(KEY);
        boolean filled = bytes == LEAST_BYTES || before[before.length - 1] == filling;
        if (before.length != bytes || owner != key || !filled) {
            throw new IllegalStateException(
                    "The state of key "
                            + key
                            + " is damaged: expected "
                            + bytes
                            + " bytes, found "
                            + before.length
                            + " of key "
                            + owner
                            + ".");
        }
    }

    /** The chain after one more record. */
    public static long chain(long before, long recordId) {
        return KeySequence.mix(before ^ KeySequence.mix(recordId));
    }

    /** How many records the key has had. */
    public static long count(byte[] value) {
        return ByteBuffer.wrap(value).getLong(COUNT);
    }

    /** The chain of their ids as text. */
    public static String chainText(byte[] value) {
        return Long.toHexString(ByteBuffer.wrap(value).getLong(CHAIN));
    }
}
