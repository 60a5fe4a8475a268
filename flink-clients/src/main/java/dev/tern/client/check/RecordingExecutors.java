package dev.tern.client.check;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;
import org.apache.flink.core.execution.PipelineExecutorServiceLoader;
import org.apache.flink.streaming.api.graph.StreamGraph;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * What programs of the second DataStream API get to execute their job with, when it is to be looked
 * at and not run: their environment cannot be replaced.
 */
final class RecordingExecutors implements PipelineExecutorServiceLoader, PipelineExecutorFactory {

    private static final String NAME = "check";

    private final RecordingEnvironment environment;

    RecordingExecutors(RecordingEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public PipelineExecutorFactory getExecutorFactory(Configuration configuration) {
        return this;
    }

    @Override
    public Stream<String> getExecutorNames() {
        return Stream.of(NAME);
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public boolean isCompatibleWith(Configuration configuration) {
        return true;
    }

    @Override
    public PipelineExecutor getExecutor(Configuration configuration) {
        return (job, ofJob, userCode) -> execute((StreamGraph) job);
    }

    private CompletableFuture<JobClient> execute(StreamGraph job) {
        return CompletableFuture.completedFuture(environment.executeAsync(job));
    }
}
