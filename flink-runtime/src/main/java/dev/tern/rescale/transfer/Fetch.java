package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import org.apache.flink.util.TemporaryClassLoaderContext;

import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.channel.Channel;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelFutureListener;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import javax.annotation.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The new owner's end of one fetch: takes chunks from the connection and has the sink read them on
 * a thread of the reader pool, which it holds only while a unit is arriving.
 */
final class Fetch implements FetchHandle, Peer {

    private static final Logger LOG = LoggerFactory.getLogger(Fetch.class);

    private enum State {
        /** Not connected yet. */
        CONNECTING,
        /** Takes chunks. */
        RECEIVING,
        /** Every unit was read. */
        DONE,
        /** Over before that. */
        FAILED
    }

    private final TransferNode node;
    private final int request;
    private final TransferEndpoint from;
    private final TransferSession session;
    private final int[] units;
    private final UnitSink sink;
    private final ClassLoader userCode = Thread.currentThread().getContextClassLoader();
    private final long startNanos = System.nanoTime();
    private final SerialWorker reader;
    private final Arrivals arrivals;
    private final CompletableFuture<FetchStats> done = new CompletableFuture<>();

    private State state = State.CONNECTING;
    private Channel channel;
    private int read;
    private long bytesRead;
    private long endNanos;
    @Nullable private TransferException failure;

    Fetch(
            TransferNode node,
            int request,
            TransferEndpoint from,
            TransferSession session,
            List<Integer> units,
            UnitSink sink) {
        this.node = node;
        this.request = request;
        this.from = from;
        this.session = session;
        this.units = units.stream().mapToInt(Integer::intValue).toArray();
        this.sink = sink;
        this.arrivals = new Arrivals(request, this.units, node.settings().credits(), this::credit);
        this.reader = new SerialWorker(node.readers(), this::readArrivedUnits);
        reader.stopped().thenRun(this::complete);
    }

    @Override
    public CompletableFuture<FetchStats> done() {
        return done;
    }

    @Override
    public void cancel() {
        fail("cancelled by the new owner", null, true);
    }

    TransferEndpoint from() {
        return from;
    }

    @Override
    public void connected(Channel newChannel, FrameDecoder decoder) {
        synchronized (this) {
            channel = newChannel;
            if (state == State.CONNECTING) {
                state = State.RECEIVING;
            }
        }
        if (state() != State.RECEIVING) {
            newChannel.close();
            return;
        }
        Hello hello =
                new Hello(
                        from.token(),
                        session,
                        node.settings().payloadBytes(),
                        node.settings().credits());
        ByteBuffer wanted = ByteBuffer.allocate(units.length * Integer.BYTES);
        wanted.asIntBuffer().put(units);
        send(newChannel, FrameType.HELLO, hello.encode());
        send(newChannel, FrameType.REQUEST, wanted.array());
        newChannel.flush();
    }

    private void send(Channel to, FrameType type, byte[] payload) {
        to.write(Frame.encode(to.alloc(), type, request, payload), to.voidPromise());
    }

    @Override
    public void frame(Frame frame) throws FrameException {
        if (frame.type() == FrameType.ERROR) {
            fail("the old owner's process answered: " + frame.text(), null, false);
            frame.release();
        } else if (arrivals.add(frame)) {
            reader.signal();
        }
    }

    /** A turn of the reader: reads what has arrived, unit by unit. */
    private void readArrivedUnits() {
        try (TemporaryClassLoaderContext ignored = TemporaryClassLoaderContext.of(userCode)) {
            while (arrivals.hasChunk()) {
                readUnit();
                if (node.readers().isCrowded()) {
                    reader.signal();
                    return;
                }
            }
            if (read == units.length && arrivals.isComplete()) {
                succeed();
            }
        } catch (Throwable t) {
            fail(t.getMessage() == null ? t.toString() : t.getMessage(), t, true);
        }
    }

    private void readUnit() throws IOException {
        long bytes;
        try (ChunkedInput in = new ChunkedInput(arrivals)) {
            sink.receive(units[read], in);
            in.finish();
            bytes = in.bytesRead();
        }
        synchronized (this) {
            read++;
            bytesRead += bytes;
        }
    }

    private void credit(int credits) {
        byte[] payload = ByteBuffer.allocate(Integer.BYTES).putInt(credits).array();
        Channel to = channel();
        to.writeAndFlush(Frame.encode(to.alloc(), FrameType.CREDIT, request, payload));
    }

    /** Credit is small and comes seldom: nobody waits to send it. */
    @Override
    public void writableChanged() {}

    @Override
    public void tick() {
        if (state() == State.RECEIVING && arrivals.isOverdue(node.settings().timeoutNanos())) {
            fail(
                    "nothing was heard from the old owner's process for "
                            + TimeUnit.NANOSECONDS.toMillis(node.settings().timeoutNanos())
                            + " ms ("
                            + TransferOptions.TIMEOUT.key()
                            + ")",
                    null,
                    true);
        }
    }

    @Override
    public void broken(Throwable cause) {
        boolean told = cause instanceof FrameException;
        fail(told ? cause.getMessage() : "connection lost: " + cause, cause, told);
    }

    private void succeed() {
        synchronized (this) {
            if (state != State.RECEIVING) {
                return;
            }
            state = State.DONE;
            endNanos = System.nanoTime();
        }
        reader.stop();
        channel().close();
    }

    /** Ends the fetch, unless it is over. Any thread. */
    void fail(String reason, @Nullable Throwable cause, boolean tell) {
        Channel open;
        synchronized (this) {
            if (state == State.DONE || state == State.FAILED) {
                return;
            }
            state = State.FAILED;
            failure = new TransferException(describe(reason), cause);
            open = channel;
        }
        arrivals.fail(failure);
        reader.stop();
        if (open == null) {
            return;
        }
        if (tell) {
            ByteBuf error = Frame.encodeError(open.alloc(), request, reason);
            open.writeAndFlush(error).addListener(ChannelFutureListener.CLOSE);
        } else {
            open.close();
        }
    }

    private String describe(String reason) {
        return "Fetching "
                + units.length
                + " units of "
                + session
                + " from "
                + from
                + " failed at unit "
                + units[Math.min(read, units.length - 1)]
                + ", after "
                + read
                + " units of "
                + bytesRead
                + " bytes: "
                + reason;
    }

    private void complete() {
        FetchStats stats;
        TransferException failed;
        synchronized (this) {
            stats = new FetchStats(bytesRead, endNanos - startNanos, units.length);
            failed = failure;
        }
        if (failed == null) {
            LOG.debug("Fetched {} from {}: {}", session, from, stats);
            done.complete(stats);
        } else {
            done.completeExceptionally(failed);
        }
    }

    private synchronized State state() {
        return state;
    }

    private synchronized Channel channel() {
        return channel;
    }
}
