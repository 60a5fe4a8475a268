package dev.tern.rescale.transfer;

import java.util.EnumMap;
import java.util.Map;

/** Which frames a side takes at the moment, and how many bytes of payload of each. */
final class FrameLimits {

    static final int HELLO_BYTES = 1024;
    static final int ERROR_BYTES = 8 * 1024;

    /** Units in one fetch; generous, as a job has at most 32768 key groups. */
    static final int MAX_UNITS = 1 << 18;

    /** Which lengths of payload are taken. */
    private record Bytes(int least, int most, int multipleOf) {

        static Bytes upTo(int most) {
            return new Bytes(0, most, 1);
        }

        static Bytes exactly(int bytes) {
            return new Bytes(bytes, bytes, 1);
        }

        boolean allow(int length) {
            return length >= least && length <= most && length % multipleOf == 0;
        }
    }

    private final Map<FrameType, Bytes> bytes;

    private FrameLimits(Map<FrameType, Bytes> bytes) {
        this.bytes = new EnumMap<>(bytes);
    }

    /** Of the old owner, until the other side has shown the token: nothing big. */
    static FrameLimits stranger() {
        return new FrameLimits(
                Map.of(
                        FrameType.HELLO, Bytes.upTo(HELLO_BYTES),
                        FrameType.ERROR, Bytes.upTo(ERROR_BYTES)));
    }

    /** Of the old owner, once the other side is known. */
    static FrameLimits newOwner() {
        int unit = Integer.BYTES;
        return new FrameLimits(
                Map.of(
                        FrameType.REQUEST, new Bytes(unit, MAX_UNITS * unit, unit),
                        FrameType.CREDIT, Bytes.exactly(Integer.BYTES),
                        FrameType.ERROR, Bytes.upTo(ERROR_BYTES)));
    }

    /** Of the new owner, which takes chunks of up to {@code chunkBytes}. */
    static FrameLimits oldOwner(int chunkBytes) {
        return new FrameLimits(
                Map.of(
                        FrameType.CHUNK, Bytes.upTo(chunkBytes),
                        FrameType.ALIVE, Bytes.exactly(0),
                        FrameType.DONE, Bytes.exactly(Long.BYTES),
                        FrameType.ERROR, Bytes.upTo(ERROR_BYTES)));
    }

    /** Refuses a frame before anything is allocated for it. */
    void check(FrameHeader header) throws FrameException {
        Bytes limit = bytes.get(header.type());
        if (limit == null) {
            throw new FrameException(
                    "Frame "
                            + header.type()
                            + " is not expected from this side at this point; expected one of "
                            + bytes.keySet());
        }
        if (!limit.allow(header.length())) {
            throw new FrameException(
                    "Frame "
                            + header.type()
                            + " announces "
                            + header.length()
                            + " bytes; taken are "
                            + limit);
        }
    }
}
