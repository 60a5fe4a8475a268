package dev.tern.rescale.transfer;

import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;
import java.io.UTFDataFormatException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Collects what a unit writes in one array and passes it on whenever the array is full. The last
 * chunk, possibly empty, is passed on by {@link #finish()}. Used by one thread.
 */
final class ChunkedOutput implements DataOutputView {

    /** Takes a chunk; must have copied it when it returns. May block. */
    @FunctionalInterface
    interface Target {
        void chunk(byte[] array, int offset, int length, boolean last) throws IOException;
    }

    private static final VarHandle SHORT = bigEndian(short[].class);
    private static final VarHandle CHAR = bigEndian(char[].class);
    private static final VarHandle INT = bigEndian(int[].class);
    private static final VarHandle LONG = bigEndian(long[].class);
    private static final int MAX_UTF_BYTES = 65535;

    private final byte[] array;
    private final int start;
    private final int end;
    private final Target target;

    private int position;
    private boolean finished;

    /** Collects in {@code array} from {@code start} on; {@code length} must be at least 8. */
    ChunkedOutput(byte[] array, int start, int length, Target target) {
        this.array = array;
        this.start = start;
        this.end = start + length;
        this.target = target;
        this.position = start;
    }

    /** Passes on the last chunk; nothing can be written afterwards. */
    void finish() throws IOException {
        requireOpen();
        pass(true);
        finished = true;
    }

    private static VarHandle bigEndian(Class<?> type) {
        return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.BIG_ENDIAN);
    }

    private void requireOpen() throws IOException {
        if (finished) {
            throw new IOException("A unit was written to after its writeTo had returned");
        }
    }

    private void pass(boolean last) throws IOException {
        requireOpen();
        target.chunk(array, start, position - start, last);
        position = start;
    }

    @Override
    public void write(int b) throws IOException {
        if (position == end) {
            pass(false);
        }
        array[position++] = (byte) b;
    }

    @Override
    public void write(byte[] from) throws IOException {
        write(from, 0, from.length);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > end - position) {
            int n = end - position;
            System.arraycopy(from, at, array, position, n);
            position = end;
            at += n;
            left -= n;
            pass(false);
        }
        System.arraycopy(from, at, array, position, left);
        position += left;
    }

    @Override
    public void write(DataInputView source, int numBytes) throws IOException {
        int left = numBytes;
        while (left > 0) {
            if (position == end) {
                pass(false);
            }
            int n = Math.min(left, end - position);
            source.readFully(array, position, n);
            position += n;
            left -= n;
        }
    }

    /** The skipped bytes are sent as zeros. */
    @Override
    public void skipBytesToWrite(int numBytes) throws IOException {
        int left = numBytes;
        while (left > 0) {
            if (position == end) {
                pass(false);
            }
            int n = Math.min(left, end - position);
            Arrays.fill(array, position, position + n, (byte) 0);
            position += n;
            left -= n;
        }
    }

    @Override
    public void writeBoolean(boolean v) throws IOException {
        write(v ? 1 : 0);
    }

    @Override
    public void writeByte(int v) throws IOException {
        write(v);
    }

    @Override
    public void writeShort(int v) throws IOException {
        if (end - position < Short.BYTES) {
            write(v >>> 8);
            write(v);
            return;
        }
        SHORT.set(array, position, (short) v);
        position += Short.BYTES;
    }

    @Override
    public void writeChar(int v) throws IOException {
        if (end - position < Character.BYTES) {
            write(v >>> 8);
            write(v);
            return;
        }
        CHAR.set(array, position, (char) v);
        position += Character.BYTES;
    }

    @Override
    public void writeInt(int v) throws IOException {
        if (end - position < Integer.BYTES) {
            writeShort(v >>> 16);
            writeShort(v);
            return;
        }
        INT.set(array, position, v);
        position += Integer.BYTES;
    }

    @Override
    public void writeLong(long v) throws IOException {
        if (end - position < Long.BYTES) {
            writeInt((int) (v >>> 32));
            writeInt((int) v);
            return;
        }
        LONG.set(array, position, v);
        position += Long.BYTES;
    }

    @Override
    public void writeFloat(float v) throws IOException {
        writeInt(Float.floatToIntBits(v));
    }

    @Override
    public void writeDouble(double v) throws IOException {
        writeLong(Double.doubleToLongBits(v));
    }

    @Override
    public void writeBytes(String s) throws IOException {
        for (int i = 0; i < s.length(); i++) {
            write(s.charAt(i));
        }
    }

    @Override
    public void writeChars(String s) throws IOException {
        for (int i = 0; i < s.length(); i++) {
            writeChar(s.charAt(i));
        }
    }

    @Override
    public void writeUTF(String s) throws IOException {
        int bytes = 0;
        for (int i = 0; i < s.length(); i++) {
            bytes += utfBytes(s.charAt(i));
            if (bytes > MAX_UTF_BYTES) {
                throw new UTFDataFormatException(
                        "writeUTF takes at most "
                                + MAX_UTF_BYTES
                                + " encoded bytes; the string has "
                                + s.length()
                                + " characters");
            }
        }
        writeShort(bytes);
        for (int i = 0; i < s.length(); i++) {
            writeUtfChar(s.charAt(i));
        }
    }

    private static int utfBytes(char c) {
        if (c >= 0x01 && c <= 0x7f) {
            return 1;
        }
        return c > 0x7ff ? 3 : 2;
    }

    private void writeUtfChar(char c) throws IOException {
        switch (utfBytes(c)) {
            case 1 -> write(c);
            case 2 -> {
                write(0xc0 | (c >> 6));
                write(0x80 | (c & 0x3f));
            }
            default -> {
                write(0xe0 | (c >> 12));
                write(0x80 | ((c >> 6) & 0x3f));
                write(0x80 | (c & 0x3f));
            }
        }
    }
}
