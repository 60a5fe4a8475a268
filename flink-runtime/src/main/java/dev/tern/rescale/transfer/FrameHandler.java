package dev.tern.rescale.transfer;

import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandlerAdapter;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Connects a {@link Peer} to its channel: bytes to frames, time to ticks, loss to an error. */
final class FrameHandler extends ChannelInboundHandlerAdapter {

    private final Peer peer;
    private final FrameLimits limits;
    private final long tickNanos;

    private FrameDecoder decoder;
    private Future<?> ticks;

    FrameHandler(Peer peer, FrameLimits limits, TransferSettings settings) {
        this.peer = peer;
        this.limits = limits;
        this.tickNanos = Math.max(1, settings.timeoutNanos() / 4);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        decoder = new FrameDecoder(context.alloc(), limits);
        ticks =
                context.executor()
                        .scheduleAtFixedRate(
                                peer::tick, tickNanos, tickNanos, TimeUnit.NANOSECONDS);
        peer.connected(context.channel(), decoder);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            decoder.feed(bytes, peer::frame);
        } catch (FrameException e) {
            peer.broken(e);
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        peer.writableChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        peer.broken(new ClosedChannelException());
        stop();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        peer.broken(cause);
        context.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    private void stop() {
        if (decoder != null) {
            decoder.close();
            ticks.cancel(false);
        }
    }
}
