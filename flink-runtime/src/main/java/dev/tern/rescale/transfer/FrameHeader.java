package dev.tern.rescale.transfer;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The fixed part of a frame. On the wire, big endian: magic (2 bytes), version (1), type (1), flags
 * (4, bit 0 = last), request (4), unit (4), seq (4), length (4), crc (4).
 *
 * @param type what the frame says
 * @param last whether the chunk is the last one of its unit
 * @param request number of the fetch, chosen by the new owner
 * @param unit unit of a chunk, 0 elsewhere
 * @param seq position of a chunk within its unit, 0 elsewhere
 * @param length bytes of payload that follow
 * @param crc CRC32C over the header before this field and the payload
 */
record FrameHeader(
        FrameType type, boolean last, int request, int unit, int seq, int length, int crc) {

    /** Bytes of a header. */
    static final int BYTES = 28;

    /** Version of the protocol; both sides must speak the same one. */
    static final int VERSION = 1;

    private static final short MAGIC = 0x5452;
    private static final int LAST = 1;
    private static final int CRC_OFFSET = 24;

    /** Writes the header, all but the checksum, at the buffer's position. */
    void encodeWithoutCrc(ByteBuffer to) {
        to.putShort(MAGIC).put((byte) VERSION).put((byte) type.code()).putInt(last ? LAST : 0);
        to.putInt(request).putInt(unit).putInt(seq).putInt(length);
    }

    /** Reads and checks a header, except for its length and checksum. */
    static FrameHeader decode(byte[] bytes) throws FrameException {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        short magic = from.getShort();
        if (magic != MAGIC) {
            throw new FrameException(
                    String.format(
                            "Expected a frame of the state transfer, which starts with %04x, but"
                                    + " got %04x; is another service on this port, or TLS on one"
                                    + " side only?",
                            MAGIC, magic));
        }
        int version = Byte.toUnsignedInt(from.get());
        if (version != VERSION) {
            throw new FrameException(
                    "This process speaks version "
                            + VERSION
                            + " of the state transfer, the other one version "
                            + version
                            + "; run the same release on all TaskManagers");
        }
        int code = Byte.toUnsignedInt(from.get());
        FrameType type = FrameType.byCode(code);
        if (type == null) {
            throw new FrameException("Unknown frame type " + code);
        }
        int flags = from.getInt();
        if ((flags & ~LAST) != 0) {
            throw new FrameException(String.format("Unknown flags %08x in %s", flags, type));
        }
        return new FrameHeader(
                type,
                (flags & LAST) != 0,
                from.getInt(),
                from.getInt(),
                from.getInt(),
                from.getInt(),
                from.getInt());
    }

    /** Checksum of a frame: {@code header} holds at least what precedes the checksum. */
    static int checksum(ByteBuffer header, byte[] payload, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(header.slice(0, CRC_OFFSET));
        crc.update(payload, offset, length);
        return (int) crc.getValue();
    }
}
