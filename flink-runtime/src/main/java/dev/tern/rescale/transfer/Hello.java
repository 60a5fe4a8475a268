package dev.tern.rescale.transfer;

import org.apache.flink.api.common.JobID;
import org.apache.flink.util.AbstractID;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a new owner says first.
 *
 * @param token secret of the process it wants to reach
 * @param session the departure it asks about
 * @param chunkBytes largest payload of a chunk that it takes
 * @param credits chunks that it takes before it has returned any
 */
record Hello(byte[] token, TransferSession session, int chunkBytes, int credits) {

    private static final int MAX_TOKEN_BYTES = 64;
    private static final int MAX_OWNER_BYTES = 512;

    byte[] encode() {
        byte[] owner = session.owner().getBytes(StandardCharsets.UTF_8);
        if (owner.length > MAX_OWNER_BYTES || token.length > MAX_TOKEN_BYTES) {
            throw new IllegalArgumentException(
                    "Owner id and token may have "
                            + MAX_OWNER_BYTES
                            + " and "
                            + MAX_TOKEN_BYTES
                            + " bytes, but have "
                            + owner.length
                            + " and "
                            + token.length);
        }
        ByteBuffer to =
                ByteBuffer.allocate(
                        token.length + owner.length + AbstractID.SIZE + 2 + 2 + 8 + 4 + 4);
        to.putShort((short) token.length).put(token);
        to.put(session.job().getBytes());
        to.putShort((short) owner.length).put(owner);
        to.putLong(session.epoch()).putInt(chunkBytes).putInt(credits);
        return to.array();
    }

    static Hello decode(ByteBuffer from) throws FrameException {
        try {
            byte[] token = bytes(from, from.getShort(), MAX_TOKEN_BYTES, "token");
            JobID job = new JobID(bytes(from, AbstractID.SIZE, AbstractID.SIZE, "job id"));
            byte[] owner = bytes(from, from.getShort(), MAX_OWNER_BYTES, "owner id");
            TransferSession session =
                    new TransferSession(
                            job, new String(owner, StandardCharsets.UTF_8), from.getLong());
            Hello hello = new Hello(token, session, from.getInt(), from.getInt());
            if (from.hasRemaining() || hello.chunkBytes < 1 || hello.credits < 1) {
                throw new FrameException(
                        "HELLO has "
                                + from.remaining()
                                + " bytes too many, or asks for chunks of "
                                + hello.chunkBytes
                                + " bytes or "
                                + hello.credits
                                + " credits");
            }
            return hello;
        } catch (BufferUnderflowException e) {
            throw new FrameException("HELLO ends in the middle of a field");
        }
    }

    private static byte[] bytes(ByteBuffer from, int length, int most, String what)
            throws FrameException {
        if (length < 0 || length > most) {
            throw new FrameException(
                    "HELLO announces a " + what + " of " + length + " bytes, at most " + most);
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }
}
