package dev.tern.rescale.transfer;

import org.apache.flink.core.memory.DataInputView;

import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads one unit out of its chunks, in place. A chunk is given back as soon as the next one is
 * needed. Used by one thread; {@link #close()} must be called in the end.
 */
final class ChunkedInput implements DataInputView, AutoCloseable {

    /** Where the chunks of one unit come from. */
    interface Source {
        /** Waits for the next chunk; the caller owns it. */
        Frame next() throws IOException;

        /** Releases a chunk that was read. */
        void release(Frame chunk);
    }

    private static final VarHandle SHORT = bigEndian(short[].class);
    private static final VarHandle INT = bigEndian(int[].class);
    private static final VarHandle LONG = bigEndian(long[].class);
    private static final byte[] NOTHING = new byte[0];

    private final Source source;

    private Frame chunk;
    private byte[] array = NOTHING;
    private int position;
    private int end;
    private long bytesArrived;
    private boolean last;
    private boolean closed;

    ChunkedInput(Source source) {
        this.source = source;
    }

    /** Bytes read so far. */
    long bytesRead() {
        return bytesArrived - (end - position);
    }

    /**
     * Checks that the unit was read to its end.
     *
     * @throws TransferException if bytes are left
     */
    void finish() throws IOException {
        while (position == end && !last) {
            advance();
        }
        if (position < end) {
            throw new TransferException(
                    "the sink read "
                            + bytesRead()
                            + " bytes and left at least "
                            + (end - position)
                            + "; it must read exactly what was written");
        }
    }

    /** Gives back the chunk in hand; reading fails afterwards. */
    @Override
    public void close() {
        closed = true;
        last = true;
        drop();
    }

    private static VarHandle bigEndian(Class<?> type) {
        return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.BIG_ENDIAN);
    }

    private void drop() {
        if (chunk != null) {
            Frame read = chunk;
            chunk = null;
            array = NOTHING;
            bytesArrived -= end - position;
            position = 0;
            end = 0;
            source.release(read);
        }
    }

    private void advance() throws IOException {
        drop();
        chunk = source.next();
        ByteBuf payload = chunk.payload();
        array = payload.array();
        position = payload.arrayOffset() + payload.readerIndex();
        end = position + payload.readableBytes();
        bytesArrived += payload.readableBytes();
        last = chunk.header().last();
    }

    /** Makes at least one byte readable, or returns false at the end of the unit. */
    private boolean fill() throws IOException {
        while (position == end) {
            if (last) {
                if (closed) {
                    throw new IOException("A unit was read after its receive had returned");
                }
                return false;
            }
            advance();
        }
        return true;
    }

    private void fillOrThrow() throws IOException {
        if (!fill()) {
            throw new EOFException(
                    "The unit ends after " + bytesRead() + " bytes; the sink wants to read on");
        }
    }

    @Override
    public int read(byte[] to) throws IOException {
        return read(to, 0, to.length);
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int n = Math.min(length, end - position);
        System.arraycopy(array, position, to, offset, n);
        position += n;
        return n;
    }

    @Override
    public void readFully(byte[] to) throws IOException {
        readFully(to, 0, to.length);
    }

    @Override
    public void readFully(byte[] to, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > 0) {
            fillOrThrow();
            int n = Math.min(left, end - position);
            System.arraycopy(array, position, to, at, n);
            position += n;
            at += n;
            left -= n;
        }
    }

    @Override
    public int skipBytes(int n) throws IOException {
        int left = n;
        while (left > 0 && fill()) {
            int step = Math.min(left, end - position);
            position += step;
            left -= step;
        }
        return n - Math.max(left, 0);
    }

    @Override
    public void skipBytesToRead(int numBytes) throws IOException {
        int skipped = skipBytes(numBytes);
        if (skipped < numBytes) {
            fillOrThrow();
        }
    }

    @Override
    public boolean readBoolean() throws IOException {
        return readByte() != 0;
    }

    @Override
    public byte readByte() throws IOException {
        if (position == end) {
            fillOrThrow();
        }
        return array[position++];
    }

    @Override
    public int readUnsignedByte() throws IOException {
        return readByte() & 0xff;
    }

    @Override
    public short readShort() throws IOException {
        if (end - position < Short.BYTES) {
            return (short) (readUnsignedByte() << 8 | readUnsignedByte());
        }
        short v = (short) SHORT.get(array, position);
        position += Short.BYTES;
        return v;
    }

    @Override
    public int readUnsignedShort() throws IOException {
        return Short.toUnsignedInt(readShort());
    }

    @Override
    public char readChar() throws IOException {
        return (char) readShort();
    }

    @Override
    public int readInt() throws IOException {
        if (end - position < Integer.BYTES) {
            return readUnsignedShort() << 16 | readUnsignedShort();
        }
        int v = (int) INT.get(array, position);
        position += Integer.BYTES;
        return v;
    }

    @Override
    public long readLong() throws IOException {
        if (end - position < Long.BYTES) {
            return (long) readInt() << 32 | Integer.toUnsignedLong(readInt());
        }
        long v = (long) LONG.get(array, position);
        position += Long.BYTES;
        return v;
    }

    @Override
    public float readFloat() throws IOException {
        return Float.intBitsToFloat(readInt());
    }

    @Override
    public double readDouble() throws IOException {
        return Double.longBitsToDouble(readLong());
    }

    /** Reads bytes as Latin-1 up to a line end, as {@link java.io.DataInput#readLine()} demands. */
    @Override
    public String readLine() throws IOException {
        if (!fill()) {
            return null;
        }
        StringBuilder line = new StringBuilder();
        while (fill()) {
            char c = (char) readUnsignedByte();
            if (c == '\n') {
                break;
            }
            if (c == '\r') {
                if (fill() && array[position] == '\n') {
                    position++;
                }
                break;
            }
            line.append(c);
        }
        return line.toString();
    }

    @Override
    public String readUTF() throws IOException {
        return DataInputStream.readUTF(this);
    }
}
