package dev.tern.client.check;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.client.program.StreamPlanEnvironment;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.functions.source.legacy.SourceFunction;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.FlinkUserCodeClassLoader;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a program gets as its environment when its job is to be looked at and not run: ends the
 * program at its first {@code execute()}, and remembers which line has made what. Used by the thread
 * that runs the program.
 */
final class RecordingEnvironment extends StreamPlanEnvironment {

    private final CallSites sites = new CallSites();
    private boolean translating;

    /**
     * @param parallelism where the program sets none; not positive for that of the configuration
     */
    RecordingEnvironment(Configuration configuration, ClassLoader userCode, int parallelism) {
        super(configuration, userCode, parallelism);
    }

    /** The job of the program, if it has asked for its execution. */
    Optional<StreamGraph> job() {
        return Optional.ofNullable((StreamGraph) getPipeline());
    }

    CallSites sites() {
        return sites;
    }

    @Override
    public void addOperator(Transformation<?> transformation) {
        super.addOperator(transformation);
        if (translating) {
            sites.expanded(transformation);
        } else {
            sites.made(transformation, here());
        }
    }

    @Override
    public <OUT> DataStreamSource<OUT> fromSource(
            Source<OUT, ?, ?> source,
            WatermarkStrategy<OUT> watermarks,
            String name,
            TypeInformation<OUT> type) {
        return made(super.fromSource(source, watermarks, name, type));
    }

    @Override
    public <OUT> DataStreamSource<OUT> addSource(
            SourceFunction<OUT> function, String name, TypeInformation<OUT> type) {
        return made(super.addSource(function, name, type));
    }

    @Override
    public StreamGraph getStreamGraph(boolean clearTransformations) {
        return translate(() -> super.getStreamGraph(clearTransformations));
    }

    @Override
    public StreamGraph generateStreamGraph(List<Transformation<?>> transformations) {
        return translate(() -> super.generateStreamGraph(transformations));
    }

    @Override
    public JobClient executeAsync(StreamGraph job) {
        sites.executed(here());
        return super.executeAsync(job);
    }

    private <OUT> DataStreamSource<OUT> made(DataStreamSource<OUT> source) {
        sites.made(source.getTransformation(), here());
        return source;
    }

    private StreamGraph translate(Supplier<StreamGraph> translation) {
        translating = true;
        try {
            return translation.get();
        } finally {
            translating = false;
        }
    }

    private static Optional<CallSite> here() {
        return CallSite.here(
                type -> type.getClassLoader() instanceof FlinkUserCodeClassLoader);
    }
}
