package dev.tern.rescale.graph;

import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.blob.VoidBlobWriter;
import org.apache.flink.runtime.checkpoint.CheckpointsCleaner;
import org.apache.flink.runtime.deployment.TaskDeploymentDescriptorFactory.PartitionLocationConstraint;
import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.executiongraph.DefaultExecutionGraphBuilder;
import org.apache.flink.runtime.executiongraph.DefaultVertexAttemptNumberStore;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.NoOpExecutionDeploymentListener;
import org.apache.flink.runtime.io.network.partition.JobMasterPartitionTrackerImpl;
import org.apache.flink.runtime.io.network.partition.ResultPartitionType;
import org.apache.flink.runtime.jobgraph.DistributionPattern;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobGraphBuilder;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobgraph.tasks.AbstractInvokable;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.apache.flink.runtime.scheduler.SchedulerBase;
import org.apache.flink.runtime.scheduler.adaptivebatch.NonAdaptiveExecutionPlanSchedulingContext;
import org.apache.flink.runtime.shuffle.NettyShuffleMaster;
import org.apache.flink.runtime.shuffle.ShuffleMaster;
import org.apache.flink.runtime.shuffle.ShuffleMasterContextImpl;

import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/** Execution graphs as Flink builds them, without anything to run in. */
final class TestGraphs {

    private TestGraphs() {}

    static DefaultExecutionGraph graph(
            JobID job, ScheduledExecutorService executor, JobVertex... vertices) throws Exception {
        JobGraph jobGraph =
                JobGraphBuilder.newStreamingJobGraphBuilder()
                        .setJobId(job)
                        .addJobVertices(List.of(vertices))
                        .build();
        ShuffleMaster<?> shuffleMaster =
                new NettyShuffleMaster(
                        new ShuffleMasterContextImpl(
                                new Configuration(),
                                failure -> {
                                    throw new AssertionError(failure);
                                }));
        return DefaultExecutionGraphBuilder.buildGraph(
                jobGraph,
                new Configuration(),
                executor,
                executor,
                TestGraphs.class.getClassLoader(),
                null,
                new CheckpointsCleaner(),
                null,
                Duration.ofSeconds(10),
                VoidBlobWriter.getInstance(),
                LoggerFactory.getLogger(TestGraphs.class),
                shuffleMaster,
                new JobMasterPartitionTrackerImpl(
                        job, shuffleMaster, process -> Optional.empty()),
                PartitionLocationConstraint.MUST_BE_KNOWN,
                NoOpExecutionDeploymentListener.get(),
                (execution, before, after) -> {},
                0L,
                new DefaultVertexAttemptNumberStore(),
                new ElasticParallelismStore(SchedulerBase.computeVertexParallelismStore(jobGraph)),
                null,
                false,
                new ExecutionJobVertex.Factory(),
                type -> false,
                false,
                UnregisteredMetricGroups.createUnregisteredJobManagerJobMetricGroup(),
                NonAdaptiveExecutionPlanSchedulingContext.INSTANCE);
    }

    static JobVertex vertex(String name, JobVertexID id, int parallelism, int maxParallelism) {
        JobVertex vertex = new JobVertex(name, id);
        vertex.setInvokableClass(AbstractInvokable.class);
        vertex.setParallelism(parallelism);
        vertex.setMaxParallelism(maxParallelism);
        return vertex;
    }

    static void connect(
            JobVertex from, JobVertex to, DistributionPattern pattern, int output) {
        to.connectNewDataSetAsInput(
                from,
                pattern,
                ResultPartitionType.PIPELINED_BOUNDED,
                new IntermediateDataSetID(from.getID(), output),
                false,
                false);
    }
}
