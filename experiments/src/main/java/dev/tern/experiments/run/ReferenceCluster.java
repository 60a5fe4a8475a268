package dev.tern.experiments.run;

import dev.tern.experiments.cluster.ClusterSettings;
import dev.tern.experiments.cluster.JobSubmission;
import dev.tern.experiments.cluster.LocalCluster;
import dev.tern.experiments.cluster.Poll;
import dev.tern.experiments.matrix.Engine;
import dev.tern.experiments.options.Distributions;
import dev.tern.experiments.options.ExperimentPlan;
import dev.tern.experiments.rest.JobRest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Where every run of an experiment takes place: a cluster of its own and the reference job on it. */
final class ReferenceCluster {

    static final int TASK_MANAGERS = 2;
    static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    static final Duration OFTEN = Duration.ofMillis(100);

    private ReferenceCluster() {}

    /**
     * Starts one.
     *
     * @param more Flink options beside those of the plan
     */
    static LocalCluster start(
            ExperimentPlan plan,
            Distributions distributions,
            Engine engine,
            Map<String, String> more,
            Path directory)
            throws IOException, InterruptedException, TimeoutException {
        Map<String, String> options = EngineOptions.of(plan, engine);
        options.putAll(more);
        return LocalCluster.start(
                distributions.of(engine),
                new ClusterSettings(
                        TASK_MANAGERS,
                        EngineOptions.slotsPerTaskManager(plan),
                        EngineOptions.taskHeapMib(plan),
                        options),
                directory);
    }

    /**
     * Submits the reference job and waits until it runs.
     *
     * @param ready what else is waited for
     */
    static JobRest submit(
            LocalCluster cluster,
            Distributions distributions,
            List<String> arguments,
            Poll.Question ready)
            throws IOException, InterruptedException, TimeoutException {
        String jobId =
                JobSubmission.submit(
                        cluster, List.of(), distributions.referenceJob(), arguments);
        JobRest job = new JobRest(cluster.rest(), jobId);
        Poll.until(
                "job " + jobId + " to run",
                START_TIMEOUT,
                OFTEN,
                () -> job.isRunning() && ready.isAnswered());
        cluster.checkAlive();
        return job;
    }
}
