package dev.tern.tests;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An environment whose sources stop before their end until the test lets them go on, so that the
 * input of a job cannot end in the middle of what is tested.
 */
final class HeldInput extends StreamExecutionEnvironment {

    private static final Map<String, CompletableFuture<Void>> RELEASED = new ConcurrentHashMap<>();

    private final String run;
    private final long atFirst;

    /**
     * @param atFirst how many records each reader emits before it is let go on
     */
    HeldInput(Configuration configuration, String run, long atFirst) {
        super(configuration);
        this.run = run;
        this.atFirst = atFirst;
    }

    /** Lets the sources of a run go on. */
    static void release(String run) {
        released(run).complete(null);
    }

    private static CompletableFuture<Void> released(String run) {
        return RELEASED.computeIfAbsent(run, ignored -> new CompletableFuture<>());
    }

    @Override
    public <T> DataStreamSource<T> fromSource(
            Source<T, ?, ?> source,
            WatermarkStrategy<T> watermarks,
            String name,
            TypeInformation<T> type) {
        return super.fromSource(new Held<>(source, run, atFirst), watermarks, name, type);
    }

    private record Held<T, S extends SourceSplit, E>(Source<T, S, E> source, String run, long atFirst)
            implements Source<T, S, E> {

        @Override
        public Boundedness getBoundedness() {
            return source.getBoundedness();
        }

        @Override
        public SplitEnumerator<S, E> createEnumerator(SplitEnumeratorContext<S> context)
                throws Exception {
            return source.createEnumerator(context);
        }

        @Override
        public SplitEnumerator<S, E> restoreEnumerator(
                SplitEnumeratorContext<S> context, E checkpoint) throws Exception {
            return source.restoreEnumerator(context, checkpoint);
        }

        @Override
        public SimpleVersionedSerializer<S> getSplitSerializer() {
            return source.getSplitSerializer();
        }

        @Override
        public SimpleVersionedSerializer<E> getEnumeratorCheckpointSerializer() {
            return source.getEnumeratorCheckpointSerializer();
        }

        @Override
        public SourceReader<T, S> createReader(SourceReaderContext context) throws Exception {
            return new HeldReader<>(source.createReader(context), released(run), atFirst);
        }
    }

    private static final class HeldReader<T, S extends SourceSplit> implements SourceReader<T, S> {

        private final SourceReader<T, S> reader;
        private final CompletableFuture<Void> released;
        private long left;

        private HeldReader(
                SourceReader<T, S> reader, CompletableFuture<Void> released, long atFirst) {
            this.reader = reader;
            this.released = released;
            this.left = atFirst;
        }

        @Override
        public void start() {
            reader.start();
        }

        @Override
        public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
            if (left == 0 && !released.isDone()) {
                return InputStatus.NOTHING_AVAILABLE;
            }
            InputStatus status = reader.pollNext(output);
            if (left > 0 && status == InputStatus.MORE_AVAILABLE) {
                left--;
            }
            return status;
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            return left == 0 && !released.isDone() ? released : reader.isAvailable();
        }

        @Override
        public List<S> snapshotState(long checkpointId) {
            return reader.snapshotState(checkpointId);
        }

        @Override
        public void addSplits(List<S> splits) {
            reader.addSplits(splits);
        }

        @Override
        public void notifyNoMoreSplits() {
            reader.notifyNoMoreSplits();
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) throws Exception {
            reader.notifyCheckpointComplete(checkpointId);
        }

        @Override
        public void close() throws Exception {
            reader.close();
        }
    }
}
