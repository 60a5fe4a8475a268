package dev.tern.rescale.transfer;

import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBufAllocator;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;

import javax.annotation.Nullable;

import java.nio.ByteBuffer;

/**
 * Cuts a byte stream into checked frames. A payload is allocated once, at its exact size, after its
 * length was found within the limits, and filled as bytes arrive. Not thread-safe.
 */
final class FrameDecoder implements AutoCloseable {

    /** Takes frames; owns their payload. */
    @FunctionalInterface
    interface Receiver {
        void frame(Frame frame) throws FrameException;
    }

    private final ByteBufAllocator allocator;
    private final byte[] headerBytes = new byte[FrameHeader.BYTES];

    private FrameLimits limits;
    private int headerFilled;
    @Nullable private FrameHeader header;
    @Nullable private ByteBuf payload;
    private boolean closed;

    FrameDecoder(ByteBufAllocator allocator, FrameLimits limits) {
        this.allocator = allocator;
        this.limits = limits;
    }

    /** Changes the limits from the next frame on. */
    void limits(FrameLimits changed) {
        limits = changed;
    }

    /**
     * Reads all of {@code in}, without releasing it. After an exception, or {@link #close()}, the
     * rest of the stream is worthless and ignored.
     */
    void feed(ByteBuf in, Receiver out) throws FrameException {
        try {
            while (in.isReadable() && !closed) {
                if (header != null || fillHeader(in)) {
                    fillPayload(in, out);
                }
            }
        } catch (FrameException e) {
            close();
            throw e;
        }
    }

    private boolean fillHeader(ByteBuf in) throws FrameException {
        int n = Math.min(in.readableBytes(), FrameHeader.BYTES - headerFilled);
        in.readBytes(headerBytes, headerFilled, n);
        headerFilled += n;
        if (headerFilled < FrameHeader.BYTES) {
            return false;
        }
        headerFilled = 0;
        FrameHeader decoded = FrameHeader.decode(headerBytes);
        limits.check(decoded);
        int length = decoded.length();
        payload = length == 0 ? Unpooled.EMPTY_BUFFER : allocator.heapBuffer(length, length);
        header = decoded;
        return true;
    }

    private void fillPayload(ByteBuf in, Receiver out) throws FrameException {
        int n = Math.min(in.readableBytes(), payload.writableBytes());
        in.readBytes(payload, n);
        if (payload.writableBytes() > 0) {
            return;
        }
        int crc =
                FrameHeader.checksum(
                        ByteBuffer.wrap(headerBytes),
                        payload.array(),
                        payload.arrayOffset(),
                        header.length());
        if (crc != header.crc()) {
            throw new FrameException(
                    String.format(
                            "Checksum of %s (unit %d, chunk %d, %d bytes) is %08x, but the sender"
                                    + " computed %08x: bytes were damaged on the way",
                            header.type(),
                            header.unit(),
                            header.seq(),
                            header.length(),
                            crc,
                            header.crc()));
        }
        Frame frame = new Frame(header, payload);
        header = null;
        payload = null;
        out.frame(frame);
    }

    @Override
    public void close() {
        closed = true;
        if (payload != null) {
            payload.release();
            payload = null;
        }
    }
}
