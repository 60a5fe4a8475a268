package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import org.apache.flink.shaded.netty4.io.netty.channel.Channel;

/** One end of one connection. All methods are called on the connection's event loop. */
interface Peer {

    /** The connection stands; frames may be written. */
    void connected(Channel channel, FrameDecoder decoder);

    /**
     * A frame arrived. The peer owns it.
     *
     * @throws FrameException if the other side may not send it now; {@link #broken} follows
     */
    void frame(Frame frame) throws FrameException;

    /** Whether the connection takes more has changed. */
    void writableChanged();

    /** A quarter of {@link TransferOptions#TIMEOUT} went by. */
    void tick();

    /**
     * The connection is lost, or nothing more can be understood of it. May be called repeatedly.
     */
    void broken(Throwable cause);
}
