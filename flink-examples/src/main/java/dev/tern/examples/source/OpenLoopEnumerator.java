package dev.tern.examples.source;

import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

import java.util.ArrayList;
import java.util.List;

/** Hands each reader its interleaved sequence. Runs in the coordinator thread. */
final class OpenLoopEnumerator implements SplitEnumerator<OpenLoopSplit, List<OpenLoopSplit>> {

    private final SplitEnumeratorContext<OpenLoopSplit> context;
    private final List<OpenLoopSplit> unassigned;

    OpenLoopEnumerator(
            SplitEnumeratorContext<OpenLoopSplit> context, List<OpenLoopSplit> unassigned) {
        this.context = context;
        this.unassigned = new ArrayList<>(unassigned);
    }

    @Override
    public void start() {}

    @Override
    public void handleSplitRequest(int subtask, String hostname) {
        // Splits are assigned when a reader registers; none are asked for.
    }

    @Override
    public void addReader(int subtask) {
        int readers = context.currentParallelism();
        List<OpenLoopSplit> left = new ArrayList<>();
        for (OpenLoopSplit split : unassigned) {
            if (split.index() % readers == subtask) {
                context.assignSplit(split, subtask);
            } else {
                left.add(split);
            }
        }
        unassigned.clear();
        unassigned.addAll(left);
        context.signalNoMoreSplits(subtask);
    }

    @Override
    public void addSplitsBack(List<OpenLoopSplit> splits, int subtask) {
        unassigned.addAll(splits);
    }

    @Override
    public List<OpenLoopSplit> snapshotState(long checkpointId) {
        return List.copyOf(unassigned);
    }

    @Override
    public void close() {}
}
