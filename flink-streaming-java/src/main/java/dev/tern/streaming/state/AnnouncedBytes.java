package dev.tern.streaming.state;

import org.apache.flink.core.memory.DataInputView;

import java.io.IOException;
import java.util.Arrays;

/**
 * Reads bytes whose number the sender has announced, without taking his word for it: room is made
 * for what has come, and as much again. Stateless.
 */
public final class AnnouncedBytes {

    /** Room that is made on the word of the sender. */
    static final int PIECE = 1 << 20;

    private AnnouncedBytes() {}

    /** Reads a number as an int, and so many bytes. */
    public static byte[] read(DataInputView in) throws IOException {
        return read(in, in.readInt());
    }

    /**
     * Reads so many bytes.
     *
     * @throws IOException if the number is negative or fewer bytes come
     */
    public static byte[] read(DataInputView in, int length) throws IOException {
        if (length < 0) {
            throw new IOException("A length is announced as " + length);
        }
        byte[] bytes = new byte[Math.min(length, PIECE)];
        in.readFully(bytes);
        while (bytes.length < length) {
            int read = bytes.length;
            bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * read));
            in.readFully(bytes, read, bytes.length - read);
        }
        return bytes;
    }
}
