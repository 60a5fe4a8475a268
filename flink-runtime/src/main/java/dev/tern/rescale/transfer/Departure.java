package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import org.apache.flink.util.TemporaryClassLoaderContext;

import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.channel.Channel;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFutureListener;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import javax.annotation.Nullable;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The old owner's end of one fetch: checks who asks, then writes the units on a thread of the
 * writer pool, which it holds only while a unit is ready to be written.
 */
final class Departure implements Peer {

    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

    /** How long the other side may take to read an error before the connection is closed. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private enum State {
        /** Waits for the token and the session. */
        HELLO_EXPECTED,
        /** Knows the session; waits for the units. */
        REQUEST_EXPECTED,
        /** Writes units, or waits for the next one to leave its owner. */
        SERVING,
        /** All was written; the other side closes the connection. */
        SERVED,
        /** The connection is of no use any more. */
        ENDED
    }

    private final TransferNode node;
    private final SerialWorker writer;

    private State state = State.HELLO_EXPECTED;
    private Channel channel;
    private FrameDecoder decoder;
    private long connectedNanos;
    private int request;
    private TransferSession session;
    private Sessions.Offer offer;
    private CreditWindow credits;
    private UnitWriter units;

    Departure(TransferNode node) {
        this.node = node;
        this.writer = new SerialWorker(node.writers(), this::writeReadyUnits);
    }

    /** Completes when the connection is of no use any more and no unit is being written to it. */
    CompletableFuture<Void> over() {
        return writer.stopped();
    }

    @Override
    public void connected(Channel newChannel, FrameDecoder newDecoder) {
        synchronized (this) {
            channel = newChannel;
            decoder = newDecoder;
            connectedNanos = System.nanoTime();
        }
    }

    @Override
    public void frame(Frame frame) throws FrameException {
        try {
            if (state() == State.ENDED) {
                return;
            }
            switch (frame.type()) {
                case HELLO -> hello(frame);
                case REQUEST -> request(frame);
                case CREDIT -> credits.giveBack(frame.payload().readInt());
                case ERROR -> end("the new owner gave up: " + frame.text(), false, null);
                case CHUNK, ALIVE, DONE ->
                        throw new IllegalStateException("The limits let " + frame.type() + " pass");
            }
        } finally {
            frame.release();
        }
    }

    private void hello(Frame frame) throws FrameException {
        request = frame.header().request();
        Hello hello = Hello.decode(frame.payload().nioBuffer());
        if (!MessageDigest.isEqual(hello.token(), node.token())) {
            fail("wrong token; the endpoint belongs to an earlier process on this port");
            return;
        }
        try {
            Sessions.Offer joined = node.sessions().join(hello.session(), this);
            synchronized (this) {
                session = hello.session();
                offer = joined;
                credits =
                        new CreditWindow(
                                Math.min(hello.credits(), node.settings().credits()),
                                channel::isWritable);
                units =
                        new UnitWriter(
                                channel,
                                request,
                                Math.min(hello.chunkBytes(), node.settings().payloadBytes()),
                                credits,
                                node.settings().timeoutNanos());
                if (state == State.HELLO_EXPECTED) {
                    state = State.REQUEST_EXPECTED;
                }
            }
            over().thenRun(() -> node.sessions().leave(hello.session(), this));
            decoder.limits(FrameLimits.newOwner());
        } catch (TransferException e) {
            fail(e.getMessage());
        }
    }

    private void request(Frame frame) throws FrameException {
        ByteBuffer payload = frame.payload().nioBuffer();
        int[] wanted = new int[payload.remaining() / Integer.BYTES];
        payload.asIntBuffer().get(wanted);
        synchronized (this) {
            if (state != State.REQUEST_EXPECTED) {
                throw new FrameException("REQUEST of " + wanted.length + " units while " + state);
            }
            state = State.SERVING;
        }
        LOG.debug("Serving {} units of {} to {}", wanted.length, session, channel.remoteAddress());
        units.want(wanted);
        writer.signal();
    }

    /** A turn of the writer: writes units until one is not ready, or others queue for a thread. */
    private void writeReadyUnits() {
        try (TemporaryClassLoaderContext ignored =
                TemporaryClassLoaderContext.of(offer.userCode())) {
            units.requestAll(offer.source());
            while (!units.isDone()) {
                if (!units.isNextReady(writer::signal)) {
                    units.flush();
                    return;
                }
                units.writeNext();
                if (node.writers().isCrowded()) {
                    writer.signal();
                    return;
                }
            }
            if (serve()) {
                units.writeDone();
            }
        } catch (Throwable t) {
            end("unit " + units.current() + " could not be written: " + t, true, t);
        } finally {
            units.releaseBuffer();
        }
    }

    private synchronized boolean serve() {
        if (state != State.SERVING) {
            return false;
        }
        state = State.SERVED;
        writer.stop();
        return true;
    }

    @Override
    public void writableChanged() {
        if (credits != null) {
            credits.writableChanged();
        }
    }

    @Override
    public void tick() {
        State now = state();
        boolean handshake = now == State.HELLO_EXPECTED || now == State.REQUEST_EXPECTED;
        if (handshake && System.nanoTime() - connectedNanos > node.settings().timeoutNanos()) {
            fail("no request within " + TransferOptions.TIMEOUT.key());
        } else if (now == State.SERVING && channel.isWritable()) {
            channel.writeAndFlush(Frame.encode(channel.alloc(), FrameType.ALIVE, request));
        }
    }

    @Override
    public void broken(Throwable cause) {
        if (cause instanceof FrameException) {
            fail(cause.getMessage());
        } else {
            end("connection lost: " + cause, false, null);
        }
    }

    /** Ends the stream, unless all is written, and tells the other side why. Any thread. */
    void fail(String reason) {
        end(reason, true, null);
    }

    private void end(String reason, boolean tell, @Nullable Throwable cause) {
        Channel open;
        synchronized (this) {
            // What is written but not yet read is still good: only the other side may close it.
            if (state == State.ENDED || state == State.SERVED && tell) {
                return;
            }
            if (state != State.SERVED) {
                LOG.warn("Serving {} ended while {}: {}", describe(), state, reason, cause);
            }
            state = State.ENDED;
            open = channel;
            if (credits != null) {
                credits.fail(new TransferException(reason));
            }
        }
        writer.stop();
        if (open != null) {
            close(open, reason, tell);
        }
    }

    /**
     * After an error the other side closes first: were this side to close with unread credit in its
     * socket, the reset could overtake the error.
     */
    private void close(Channel open, String reason, boolean tell) {
        if (!tell) {
            open.close();
            return;
        }
        ByteBuf error = Frame.encodeError(open.alloc(), request, reason);
        open.writeAndFlush(error).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        long linger = Math.min(LINGER_NANOS, node.settings().timeoutNanos());
        open.eventLoop().schedule(() -> open.close(), linger, TimeUnit.NANOSECONDS);
    }

    private synchronized State state() {
        return state;
    }

    private String describe() {
        return (session == null ? "a stranger" : session.toString()) + " at " + channel;
    }
}
