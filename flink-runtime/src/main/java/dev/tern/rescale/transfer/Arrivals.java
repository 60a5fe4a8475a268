package dev.tern.rescale.transfer;

import javax.annotation.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntConsumer;

/**
 * The chunks of one fetch between the event loop, which adds them, and the reader, which takes
 * them: never more than the credit window. Checks that the right chunks come in the right order.
 */
final class Arrivals implements ChunkedInput.Source {

    private final int request;
    private final int[] units;
    private final int window;
    private final int creditBatch;
    private final IntConsumer giveBack;

    private final Deque<Frame> chunks = new ArrayDeque<>();
    private int arriving;
    private int seq;
    private int underway;
    private long bytes;
    private boolean complete;
    private long progressNanos = System.nanoTime();
    @Nullable private TransferException failure;

    /** Chunks that the reader has released but not given back yet; the reader's. */
    private int unreturned;

    /**
     * @param units what was asked for, in order
     * @param window chunks that may be here at a time
     * @param giveBack tells the old owner that it may send so many more
     */
    Arrivals(int request, int[] units, int window, IntConsumer giveBack) {
        this.request = request;
        this.units = units;
        this.window = window;
        // Fewer messages than one per chunk, but never so late that the old owner runs dry.
        this.creditBatch = Math.max(1, window / 4);
        this.giveBack = giveBack;
    }

    /**
     * Takes a frame of the old owner.
     *
     * @return whether there is something new for the reader
     */
    synchronized boolean add(Frame frame) throws FrameException {
        boolean kept = false;
        try {
            if (failure != null) {
                return false;
            }
            FrameHeader header = frame.header();
            require(header.request() == request, header, "request " + request);
            progressNanos = System.nanoTime();
            if (header.type() == FrameType.CHUNK) {
                addChunk(frame);
                kept = true;
                return true;
            }
            if (header.type() == FrameType.DONE) {
                done(frame);
                return true;
            }
            return false;
        } finally {
            if (!kept) {
                frame.release();
            }
        }
    }

    private void addChunk(Frame frame) throws FrameException {
        FrameHeader header = frame.header();
        require(arriving < units.length, header, "no chunk after the last unit");
        require(header.unit() == units[arriving], header, "unit " + units[arriving]);
        require(header.seq() == seq, header, "chunk " + seq);
        require(underway < window, header, "no more than " + window + " chunks under way");
        underway++;
        bytes += header.length();
        seq++;
        if (header.last()) {
            arriving++;
            seq = 0;
        }
        chunks.add(frame);
        notifyAll();
    }

    private void done(Frame frame) throws FrameException {
        FrameHeader header = frame.header();
        require(arriving == units.length, header, "all " + units.length + " units before it");
        long total = frame.payload().readLong();
        require(total == bytes, header, "a total of " + bytes + " bytes and not of " + total);
        complete = true;
    }

    private void require(boolean fulfilled, FrameHeader got, String expected)
            throws FrameException {
        if (!fulfilled) {
            throw new FrameException("Expected " + expected + ", but got " + got);
        }
    }

    /** Whether the reader would find a chunk. */
    synchronized boolean hasChunk() {
        return !chunks.isEmpty() && failure == null;
    }

    /** Whether the old owner has said that it sent everything. */
    synchronized boolean isComplete() {
        return complete;
    }

    /** Whether the old owner owes something and has been silent for too long. */
    synchronized boolean isOverdue(long timeoutNanos) {
        return chunks.isEmpty() && !complete && System.nanoTime() - progressNanos > timeoutNanos;
    }

    @Override
    public synchronized Frame next() throws IOException {
        while (chunks.isEmpty()) {
            if (failure != null) {
                throw failure;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for a chunk");
            }
        }
        // While chunks were here it was the reader's turn, not the old owner's.
        progressNanos = System.nanoTime();
        return chunks.remove();
    }

    @Override
    public void release(Frame chunk) {
        chunk.release();
        unreturned++;
        boolean open;
        synchronized (this) {
            open = failure == null;
        }
        if (unreturned >= creditBatch && open) {
            int credits = unreturned;
            unreturned = 0;
            synchronized (this) {
                underway -= credits;
            }
            giveBack.accept(credits);
        }
    }

    /** Drops what is here; the reader, and every later frame, meets the failure. */
    synchronized void fail(TransferException cause) {
        if (failure == null) {
            failure = cause;
            chunks.forEach(Frame::release);
            chunks.clear();
            notifyAll();
        }
    }
}
