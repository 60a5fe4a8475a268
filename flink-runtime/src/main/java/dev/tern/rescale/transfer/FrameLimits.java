package dev.tern.rescale.transfer;

import java.util.EnumMap;
import java.util.Map;

/** Which frames a side takes at the moment, and how many bytes of payload of each. */
final class FrameLimits {

    static final int HELLO_BYTES = 1024;
    static final int ERROR_BYTES = 8 * 1024;

    /** Units in one fetch; generous, as a job has at most 32768 key groups. */
    static final int MAX_UNITS = 1 << 18;

    private static final int CREDIT_BYTES = Integer.BYTES;
    private static final int DONE_BYTES = Long.BYTES;

    private final Map<FrameType, Integer> bytes;

    private FrameLimits(Map<FrameType, Integer> bytes) {
        this.bytes = new EnumMap<>(bytes);
    }

    /** Of the old owner, until the other side has shown the token: nothing big. */
    static FrameLimits stranger() {
        return new FrameLimits(
                Map.of(FrameType.HELLO, HELLO_BYTES, FrameType.ERROR, ERROR_BYTES));
    }

    /** Of the old owner, once the other side is known. */
    static FrameLimits newOwner() {
        return new FrameLimits(
                Map.of(
                        FrameType.REQUEST, MAX_UNITS * Integer.BYTES,
                        FrameType.CREDIT, CREDIT_BYTES,
                        FrameType.ERROR, ERROR_BYTES));
    }

    /** Of the new owner, which takes chunks of up to {@code chunkBytes}. */
    static FrameLimits oldOwner(int chunkBytes) {
        return new FrameLimits(
                Map.of(
                        FrameType.CHUNK, chunkBytes,
                        FrameType.ALIVE, 0,
                        FrameType.DONE, DONE_BYTES,
                        FrameType.ERROR, ERROR_BYTES));
    }

    /** Refuses a frame before anything is allocated for it. */
    void check(FrameHeader header) throws FrameException {
        Integer limit = bytes.get(header.type());
        if (limit == null) {
            throw new FrameException(
                    "Frame "
                            + header.type()
                            + " is not expected from this side at this point; expected one of "
                            + bytes.keySet());
        }
        if (header.length() < 0 || header.length() > limit) {
            throw new FrameException(
                    "Frame "
                            + header.type()
                            + " announces "
                            + header.length()
                            + " bytes; at most "
                            + limit
                            + " are taken");
        }
    }
}
