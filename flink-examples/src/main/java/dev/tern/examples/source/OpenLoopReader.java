package dev.tern.examples.source;

import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;

import dev.tern.examples.measure.EpochMicros;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Emits what is due and sleeps until more is.
 *
 * <p>Runs in the task mailbox, one element per call so that mail is never kept waiting; a timer
 * thread only completes the future the mailbox waits for. It sleeps at least a millisecond: at high
 * rates everything due in that time leaves in one go, which costs half a millisecond of latency on
 * average and keeps the source from using a core.
 */
final class OpenLoopReader<T> implements SourceReader<T, OpenLoopSplit> {

    private static final long MIN_SLEEP_MICROS = 1000;

    private final Content<T> content;
    private final String scheduleDirectory;
    private final List<OpenLoopSplit> splits = new ArrayList<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "open-loop-timer");
                        thread.setDaemon(true);
                        return thread;
                    });

    private CompletableFuture<Void> available = new CompletableFuture<>();
    private boolean noMoreSplits;

    /** A time in the past: what was due then is due now, without asking the clock again. */
    private long clockMicros;

    OpenLoopReader(Content<T> content, String scheduleDirectory) {
        this.content = content;
        this.scheduleDirectory = scheduleDirectory;
    }

    @Override
    public void start() {
        try {
            content.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) {
        if (splits.isEmpty()) {
            if (noMoreSplits) {
                return InputStatus.END_OF_INPUT;
            }
            available = new CompletableFuture<>();
            return InputStatus.NOTHING_AVAILABLE;
        }
        int next = earliest();
        OpenLoopSplit split = splits.get(next);
        long dueMicros = dueMicros(split);
        if (dueMicros > clockMicros) {
            clockMicros = EpochMicros.now();
            if (dueMicros > clockMicros) {
                sleepUntil(dueMicros);
                return InputStatus.NOTHING_AVAILABLE;
            }
        }
        output.collect(content.at(split.nextPosition(), dueMicros, split.index()));
        advance(next);
        return InputStatus.MORE_AVAILABLE;
    }

    private void sleepUntil(long dueMicros) {
        CompletableFuture<Void> wake = new CompletableFuture<>();
        available = wake;
        timer.schedule(
                () -> wake.complete(null),
                Math.max(MIN_SLEEP_MICROS, dueMicros - clockMicros),
                TimeUnit.MICROSECONDS);
    }

    private int earliest() {
        int earliest = 0;
        for (int i = 1; i < splits.size(); i++) {
            if (splits.get(i).nextPosition() < splits.get(earliest).nextPosition()) {
                earliest = i;
            }
        }
        return earliest;
    }

    private long dueMicros(OpenLoopSplit split) {
        return split.schedule().scheduledMicros(content.firstRecord(split.nextPosition()));
    }

    private void advance(int index) {
        OpenLoopSplit advanced = splits.get(index).advanced();
        if (advanced.nextPosition() < content.positions()) {
            splits.set(index, advanced);
        } else {
            splits.remove(index);
        }
    }

    @Override
    public void addSplits(List<OpenLoopSplit> added) {
        for (OpenLoopSplit split : added) {
            publishSchedule(split);
            if (split.nextPosition() < content.positions()) {
                splits.add(split);
            }
        }
        available.complete(null);
    }

    private void publishSchedule(OpenLoopSplit split) {
        if (scheduleDirectory == null) {
            return;
        }
        try {
            split.schedule().writeTo(Path.of(scheduleDirectory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void notifyNoMoreSplits() {
        noMoreSplits = true;
        available.complete(null);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return available;
    }

    @Override
    public List<OpenLoopSplit> snapshotState(long checkpointId) {
        return List.copyOf(splits);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
