package dev.tern.rescale.transfer;

import javax.annotation.Nullable;

/** The frames of the protocol, in the order in which a fetch meets them. */
enum FrameType {
    /** New owner: token, session, credit window and largest chunk it takes. First frame. */
    HELLO(1),
    /** New owner: the units it wants, in order. Second frame. */
    REQUEST(2),
    /** New owner: so many more chunks may be sent. */
    CREDIT(3),
    /** Old owner: a piece of one unit. */
    CHUNK(4),
    /** Old owner: nothing to send yet, but still there. */
    ALIVE(5),
    /** Old owner: all units sent; carries the number of bytes for comparison. */
    DONE(6),
    /** Either: a sentence for the other side, then the end. */
    ERROR(7);

    private static final FrameType[] BY_CODE = new FrameType[values().length + 1];

    static {
        for (FrameType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    /** Number on the wire, never reused. */
    int code() {
        return code;
    }

    @Nullable
    static FrameType byCode(int code) {
        return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
