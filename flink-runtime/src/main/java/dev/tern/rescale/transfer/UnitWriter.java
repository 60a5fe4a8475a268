package dev.tern.rescale.transfer;

import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.channel.Channel;

import javax.annotation.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Writes the units of one fetch to its channel, in chunks, one credit each. Used by one thread at a
 * time.
 */
final class UnitWriter {

    /** Small units share a system call until this many bytes are waiting for it. */
    private static final int FLUSH_BYTES = 64 * 1024;

    private final Channel channel;
    private final int request;
    private final int payloadBytes;
    private final CreditWindow credits;
    private final long timeoutNanos;

    private int[] wanted = new int[0];
    @Nullable private List<CompletableFuture<UnitBytes>> requested;
    private int next;
    private int seq;
    private long bytes;
    private int unflushed;
    @Nullable private ByteBuf buffer;

    UnitWriter(
            Channel channel,
            int request,
            int payloadBytes,
            CreditWindow credits,
            long timeoutNanos) {
        this.channel = channel;
        this.request = request;
        this.payloadBytes = payloadBytes;
        this.credits = credits;
        this.timeoutNanos = timeoutNanos;
    }

    /** Says which units to write, in order. Called once, before anything else. */
    void want(int[] units) {
        wanted = units;
    }

    /** Asks for all units; no effect but the first time. */
    void requestAll(UnitSource source) {
        if (requested != null) {
            return;
        }
        requested = new ArrayList<>(wanted.length);
        for (int unit : wanted) {
            requested.add(source.request(unit));
        }
    }

    boolean isDone() {
        return next == wanted.length;
    }

    /** The unit in hand or waited for; the last one when all are written. */
    int current() {
        return wanted[Math.min(next, wanted.length - 1)];
    }

    /** Whether the next unit has left its owner; if not, {@code onReady} runs when it has. */
    boolean isNextReady(Runnable onReady) {
        CompletableFuture<UnitBytes> future = requested.get(next);
        if (future.isDone()) {
            return true;
        }
        future.whenComplete((unit, failure) -> onReady.run());
        return false;
    }

    /** Writes the next unit, which must be ready; waits for credit. */
    void writeNext() throws Throwable {
        UnitBytes unit = take();
        if (buffer == null) {
            buffer = channel.alloc().heapBuffer(payloadBytes, payloadBytes);
        }
        seq = 0;
        ChunkedOutput out =
                new ChunkedOutput(
                        buffer.array(), buffer.arrayOffset(), payloadBytes, this::writeChunk);
        unit.writeTo(out);
        out.finish();
        next++;
    }

    /** Tells the other side that it has everything. */
    void writeDone() {
        byte[] total = ByteBuffer.allocate(Long.BYTES).putLong(bytes).array();
        channel.writeAndFlush(Frame.encode(channel.alloc(), FrameType.DONE, request, total));
    }

    /** Sends what small units have left waiting. */
    void flush() {
        if (unflushed > 0) {
            unflushed = 0;
            channel.flush();
        }
    }

    /** Gives the staging buffer back; the next write takes a new one. */
    void releaseBuffer() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }

    private UnitBytes take() throws Throwable {
        try {
            // Not held on to: a unit may be big, and others still wait behind it.
            return requested.set(next, null).join();
        } catch (CompletionException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private void writeChunk(byte[] array, int offset, int length, boolean last) throws IOException {
        if (!credits.tryTake()) {
            flush();
            credits.take(timeoutNanos);
        }
        FrameHeader header =
                new FrameHeader(FrameType.CHUNK, last, request, current(), seq, length, 0);
        ByteBuf frame = Frame.encode(channel.alloc(), header, array, offset);
        seq++;
        bytes += length;
        unflushed += frame.readableBytes();
        // The channel reports a failed write by closing, which fails the credits.
        channel.write(frame, channel.voidPromise());
        if (unflushed >= FLUSH_BYTES) {
            flush();
        }
    }
}
