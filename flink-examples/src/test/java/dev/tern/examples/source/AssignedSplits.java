package dev.tern.examples.source;

import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/** Keeps what an enumerator assigns to its readers. */
final class AssignedSplits implements SplitEnumeratorContext<OpenLoopSplit> {

    final Map<Integer, List<OpenLoopSplit>> assigned = new TreeMap<>();
    final List<Integer> complete = new ArrayList<>();

    private final int readers;

    AssignedSplits(int readers) {
        this.readers = readers;
    }

    @Override
    public int currentParallelism() {
        return readers;
    }

    @Override
    public void assignSplits(SplitsAssignment<OpenLoopSplit> assignment) {
        assignment
                .assignment()
                .forEach(
                        (reader, splits) ->
                                assigned.computeIfAbsent(reader, any -> new ArrayList<>())
                                        .addAll(splits));
    }

    @Override
    public void signalNoMoreSplits(int subtask) {
        complete.add(subtask);
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
        throw new UnsupportedOperationException("The enumerator has no metrics.");
    }

    @Override
    public void sendEventToSourceReader(int subtask, SourceEvent event) {
        throw new UnsupportedOperationException("The enumerator sends no events.");
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
        throw new UnsupportedOperationException("The enumerator does not look for readers.");
    }

    @Override
    public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
        throw new UnsupportedOperationException("The enumerator has nothing to wait for.");
    }

    @Override
    public <T> void callAsync(
            Callable<T> callable,
            BiConsumer<T, Throwable> handler,
            long initialDelayMillis,
            long periodMillis) {
        throw new UnsupportedOperationException("The enumerator has nothing to wait for.");
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
        throw new UnsupportedOperationException("The enumerator is always in that thread.");
    }

    @Override
    public void setIsProcessingBacklog(boolean isProcessingBacklog) {
        throw new UnsupportedOperationException("The enumerator knows no backlog.");
    }
}
