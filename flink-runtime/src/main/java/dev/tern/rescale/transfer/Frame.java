package dev.tern.rescale.transfer;

import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBufAllocator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A received frame. Whoever holds it must release the payload, which is backed by an array.
 *
 * @param header the checked header
 * @param payload as many bytes as the header says
 */
record Frame(FrameHeader header, ByteBuf payload) {

    private static final byte[] NOTHING = new byte[0];

    FrameType type() {
        return header.type();
    }

    void release() {
        payload.release();
    }

    /** Encodes a frame without payload. */
    static ByteBuf encode(ByteBufAllocator allocator, FrameType type, int request) {
        return encode(allocator, type, request, NOTHING);
    }

    /** Encodes a frame that is not a chunk. */
    static ByteBuf encode(ByteBufAllocator allocator, FrameType type, int request, byte[] payload) {
        FrameHeader header = new FrameHeader(type, false, request, 0, 0, payload.length, 0);
        return encode(allocator, header, payload, 0);
    }

    /** Encodes an error; an overlong message is cut. */
    static ByteBuf encodeError(ByteBufAllocator allocator, int request, String message) {
        String fitting =
                message.substring(0, Math.min(message.length(), FrameLimits.ERROR_BYTES / 4));
        byte[] payload = fitting.getBytes(StandardCharsets.UTF_8);
        return encode(allocator, FrameType.ERROR, request, payload);
    }

    /**
     * Encodes a frame into one direct buffer, ready for the socket.
     *
     * @param header its checksum is ignored and computed here
     * @param array holds the payload from {@code offset} on; copied
     */
    static ByteBuf encode(
            ByteBufAllocator allocator, FrameHeader header, byte[] array, int offset) {
        int size = FrameHeader.BYTES + header.length();
        ByteBuf frame = allocator.directBuffer(size, size);
        ByteBuffer nio = frame.internalNioBuffer(0, size);
        ByteBuffer start = nio.slice();
        header.encodeWithoutCrc(start);
        start.putInt(FrameHeader.checksum(start, array, offset, header.length()));
        start.put(array, offset, header.length());
        return frame.writerIndex(size);
    }

    String text() {
        return payload.toString(StandardCharsets.UTF_8);
    }
}
