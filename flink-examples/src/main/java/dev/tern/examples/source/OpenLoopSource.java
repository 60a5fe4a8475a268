package dev.tern.examples.source;

import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

import dev.tern.examples.measure.Schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * Emits the elements of a content when they are due. With several readers the positions are dealt
 * out in turn, and the number of sequences stays what it was when the job first started.
 *
 * @param <T> type of the elements
 */
public final class OpenLoopSource<T> implements Source<T, OpenLoopSplit, List<OpenLoopSplit>> {

    private static final long serialVersionUID = 1L;

    private final Content<T> content;
    private final Schedule schedule;
    private final String scheduleDirectory;

    /**
     * @param schedule used by a job that does not restore a source of an earlier start
     * @param scheduleDirectory where readers leave the schedule they follow; null for nowhere
     */
    public OpenLoopSource(Content<T> content, Schedule schedule, String scheduleDirectory) {
        this.content = content;
        this.schedule = schedule;
        this.scheduleDirectory = scheduleDirectory;
    }

    @Override
    public Boundedness getBoundedness() {
        return content.isBounded() ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<T, OpenLoopSplit> createReader(SourceReaderContext context) {
        return new OpenLoopReader<>(content, scheduleDirectory);
    }

    @Override
    public SplitEnumerator<OpenLoopSplit, List<OpenLoopSplit>> createEnumerator(
            SplitEnumeratorContext<OpenLoopSplit> context) {
        int readers = context.currentParallelism();
        List<OpenLoopSplit> splits = new ArrayList<>(readers);
        for (int i = 0; i < readers; i++) {
            splits.add(new OpenLoopSplit(i, readers, i, schedule));
        }
        return new OpenLoopEnumerator(context, splits);
    }

    @Override
    public SplitEnumerator<OpenLoopSplit, List<OpenLoopSplit>> restoreEnumerator(
            SplitEnumeratorContext<OpenLoopSplit> context, List<OpenLoopSplit> unassigned) {
        return new OpenLoopEnumerator(context, unassigned);
    }

    @Override
    public SimpleVersionedSerializer<OpenLoopSplit> getSplitSerializer() {
        return new OpenLoopSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<List<OpenLoopSplit>> getEnumeratorCheckpointSerializer() {
        return OpenLoopSplitSerializer.ofLists();
    }
}
