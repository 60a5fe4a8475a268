package dev.tern.experiments.run;

import dev.tern.experiments.cluster.Poll;
import dev.tern.experiments.matrix.Arm;
import dev.tern.experiments.rest.CheckpointView;
import dev.tern.experiments.rest.JobRest;
import dev.tern.experiments.rest.RescaleView;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Starts a rescale on either engine and waits for its end. */
final class RescaleTrigger {

    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final Duration CHECKPOINT_TIMEOUT = Duration.ofSeconds(120);

    private final Arm arm;
    private final String placement;
    private final JobRest job;

    RescaleTrigger(Arm arm, String placement, JobRest job) {
        this.arm = arm;
        this.placement = placement;
        this.job = job;
    }

    /**
     * How a rescale went.
     *
     * @param strategy what was used; "restart" for stock
     * @param claimedMode LIVE or RESTART
     * @param durationMillis from the trigger to the end
     * @param view our history's entry; null for stock
     */
    record Outcome(String strategy, String claimedMode, double durationMillis, RescaleView view) {}

    /** Waits until one more checkpoint has completed, so that a restart has little to replay. */
    void awaitCheckpoint() throws IOException, InterruptedException, TimeoutException {
        long last = newestCompleted();
        Poll.until(
                "a completed checkpoint after " + last + " of job " + job.jobId(),
                CHECKPOINT_TIMEOUT,
                OFTEN,
                () -> newestCompleted() > last);
    }

    /** Asks for parallelism {@code to} and waits until it is reached. */
    Outcome rescale(String vertexId, int to, Duration timeout)
            throws IOException, InterruptedException, TimeoutException {
        return switch (arm.engine()) {
            case TERN -> live(vertexId, to, timeout);
            case STOCK, STOCK_INGEST, STOCK_DEFAULT -> restart(vertexId, to, timeout);
        };
    }

    private Outcome live(String vertexId, int to, Duration timeout)
            throws IOException, InterruptedException, TimeoutException {
        String id = job.requestLiveRescale(vertexId, to, arm.strategy(), placement);
        Poll.until(
                "the end of rescale " + id + " of job " + job.jobId(),
                timeout,
                OFTEN,
                () -> job.rescale(id).isOver());
        RescaleView view = job.rescale(id);
        if (!view.outcome().equals("COMPLETED")) {
            throw new IOException(
                    String.format(
                            "Rescale %s of job %s to parallelism %d ended as %s: %s",
                            id, job.jobId(), to, view.outcome(), view.error()));
        }
        return new Outcome(view.strategy(), view.mode(), view.durationMillis(), view);
    }

    private Outcome restart(String vertexId, int to, Duration timeout)
            throws IOException, InterruptedException, TimeoutException {
        long start = System.nanoTime();
        job.putUpperBound(vertexId, to);
        Poll.until(
                "vertex " + vertexId + " of job " + job.jobId() + " at parallelism " + to,
                timeout,
                OFTEN,
                () -> job.vertex(vertexId).parallelism() == to && job.isRunning());
        return new Outcome(arm.strategy(), "RESTART", (System.nanoTime() - start) / 1e6, null);
    }

    private long newestCompleted() throws IOException {
        return job.checkpoints().stream()
                .filter(CheckpointView::isCompleted)
                .mapToLong(CheckpointView::id)
                .max()
                .orElse(0);
    }
}
