package dev.tern.rescale.scheduler;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobmanager.ExecutionPlanWriter;
import org.apache.flink.runtime.jobmanager.ThrowingExecutionPlanWriter;
import org.apache.flink.streaming.api.graph.ExecutionPlan;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Where the resource requirements of one job survive its JobManager: the store of the Dispatcher,
 * into which it writes those of a {@code PUT}. Without high availability nothing survives, and
 * writing does nothing. JobMaster main thread, but for {@link #remember}.
 */
public final class RequirementsStore {

    private static final Logger LOG = LoggerFactory.getLogger(RequirementsStore.class);

    /** A JobMaster is handed the same plan object as its Dispatcher, in the same process. */
    private static final Map<ExecutionPlan, ExecutionPlanWriter> WRITERS =
            Collections.synchronizedMap(new WeakHashMap<>());

    private final JobID job;
    private final ExecutionPlanWriter writer;
    private final Executor executor;
    private CompletableFuture<Void> written = CompletableFuture.completedFuture(null);

    private RequirementsStore(JobID job, ExecutionPlanWriter writer, Executor executor) {
        this.job = job;
        this.writer = writer;
        this.executor = executor;
    }

    /** The Dispatcher is about to run this plan. Any thread. */
    public static void remember(ExecutionPlan plan, ExecutionPlanWriter writer) {
        // An application that runs a single job cannot store anything, and does not need to.
        if (!(writer instanceof ThrowingExecutionPlanWriter)) {
            WRITERS.put(plan, writer);
        }
    }

    /**
     * @param executor may block
     */
    static RequirementsStore of(ExecutionPlan plan, Executor executor) {
        return new RequirementsStore(plan.getJobID(), WRITERS.get(plan), executor);
    }

    /**
     * Writes the requirements, after those that were written before.
     *
     * @return completes when they are stored, or have failed to be, which is logged
     */
    CompletableFuture<Void> write(JobResourceRequirements requirements) {
        if (writer != null) {
            written = written.thenRunAsync(() -> put(requirements), executor);
        }
        return written;
    }

    private void put(JobResourceRequirements requirements) {
        try {
            writer.putJobResourceRequirements(job, requirements);
        } catch (Exception e) {
            LOG.warn(
                    "The parallelism wanted of job {} cannot be stored: after a failure of the"
                            + " JobManager the job would come back at the one stored before.",
                    job,
                    e);
        }
    }
}
