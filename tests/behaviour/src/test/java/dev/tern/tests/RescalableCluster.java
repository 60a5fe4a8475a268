package dev.tern.tests;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.RescaleCall;
import dev.tern.rescale.request.RescaleControl;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.runtime.operators.coordination.CoordinationRequest;
import org.apache.flink.runtime.operators.coordination.CoordinationResponse;
import org.apache.flink.util.SerializedValue;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A MiniCluster with two TaskManagers and a job in it that tests rescale as users would. */
final class RescalableCluster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MiniCluster cluster;
    private JobID job;

    RescalableCluster(Configuration configuration, int slotsPerTaskManager) throws Exception {
        cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(2)
                                .setNumSlotsPerTaskManager(slotsPerTaskManager)
                                .setRpcServiceSharing(RpcServiceSharing.DEDICATED)
                                .build());
        cluster.start();
    }

    /** Adaptive scheduler, frequent checkpoints into the directory, ownership asserted. */
    static Configuration configuration(Path checkpoints) {
        Configuration configuration = new Configuration();
        configuration.set(JobManagerOptions.SCHEDULER, JobManagerOptions.SchedulerType.Adaptive);
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(100));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1000);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
        configuration.set(
                JobManagerOptions.SCHEDULER_SUBMISSION_RESOURCE_STABILIZATION_TIMEOUT,
                Duration.ofMillis(100));
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(RescaleOptions.ASSERT_OWNERSHIP, true);
        return configuration;
    }

    /** The waits before the scheduler changes a job by itself: 100 ms instead of up to minutes. */
    static void shortenSchedulerWaits(Configuration configuration) {
        Duration wait = Duration.ofMillis(100);
        configuration.set(JobManagerOptions.SCHEDULER_EXECUTING_COOLDOWN_AFTER_RESCALING, wait);
        configuration.set(
                JobManagerOptions.SCHEDULER_EXECUTING_RESOURCE_STABILIZATION_TIMEOUT, wait);
        configuration.set(JobManagerOptions.SCHEDULER_RESCALE_TRIGGER_MAX_DELAY, wait);
    }

    MiniCluster cluster() {
        return cluster;
    }

    JobID job() {
        return job;
    }

    void submit(JobGraph graph) throws Exception {
        cluster.submitJob(graph).get(30, TimeUnit.SECONDS);
        job = graph.getJobID();
    }

    /** The job goes on from a savepoint, of whichever parallelism. */
    void restore(JobGraph graph, String savepoint) throws Exception {
        graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint, false));
        submit(graph);
    }

    void awaitStatus(JobStatus status) throws Exception {
        waitUntil(
                "the job is " + status,
                () -> cluster.getJobStatus(job).get() == status,
                () -> cluster.getJobStatus(job).get());
    }

    /** Asks for a rescale and waits until it is over. */
    RescaleRecord rescale(String vertex, int parallelism) throws Exception {
        return rescale(RescaleRequest.of(vertex, parallelism, null, null, false, false));
    }

    RescaleRecord rescale(RescaleRequest request) throws Exception {
        return awaitEnd(accepted(request));
    }

    /** Like {@link #rescale}, but first waits until the job takes the request. */
    RescaleRecord rescaleWhenRunning(RescaleRequest request) throws Exception {
        RescaleAnswer[] answer = new RescaleAnswer[1];
        waitUntil(
                "the rescale is accepted",
                () -> {
                    answer[0] = call(new RescaleCall.Submit(request));
                    return answer[0] instanceof RescaleAnswer.Accepted;
                },
                () -> answer[0]);
        return awaitEnd(((RescaleAnswer.Accepted) answer[0]).rescale().rescaleId());
    }

    RescaleAnswer call(RescaleCall call) throws Exception {
        return (RescaleAnswer) send(call).get(30, TimeUnit.SECONDS);
    }

    /** The answer will be a {@link RescaleAnswer}. */
    CompletableFuture<CoordinationResponse> send(RescaleCall call) {
        try {
            return cluster.deliverCoordinationRequestToCoordinator(
                    job, RescaleControl.UID, new SerializedValue<CoordinationRequest>(call));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    RescaleRecord record(String id) throws Exception {
        return ((RescaleAnswer.DetailsAnswer) call(new RescaleCall.Details(id))).rescale();
    }

    List<RescaleRecord> history() throws Exception {
        return ((RescaleAnswer.HistoryAnswer) call(new RescaleCall.History())).rescales();
    }

    AccessExecutionJobVertex vertex(String name) throws Exception {
        for (AccessExecutionJobVertex vertex :
                cluster.getExecutionGraph(job).get().getVerticesTopologically()) {
            if (vertex.getName().contains(name)) {
                return vertex;
            }
        }
        throw new AssertionError("No vertex " + name);
    }

    int parallelism(String name) throws Exception {
        return vertex(name).getParallelism();
    }

    /** Whether all these vertices have that many subtasks. */
    boolean runsAt(Map<String, Integer> parallelism) throws Exception {
        for (Map.Entry<String, Integer> wanted : parallelism.entrySet()) {
            if (parallelism(wanted.getKey()) != wanted.getValue()) {
                return false;
            }
        }
        return true;
    }

    /**
     * How often the first subtask of the vertex was started again; -1 while the job is between two
     * execution graphs.
     */
    int restarts(String name) throws Exception {
        AccessExecutionVertex[] subtasks = vertex(name).getTaskVertices();
        return subtasks.length == 0
                ? -1
                : subtasks[0].getCurrentExecutionAttempt().getAttemptNumber();
    }

    long completedCheckpoints() throws Exception {
        return cluster.getExecutionGraph(job)
                .get()
                .getCheckpointStatsSnapshot()
                .getCounts()
                .getNumberOfCompletedCheckpoints();
    }

    /** How many tasks the latest checkpoint waits for; -1 when none is in progress. */
    int tasksToCome() throws Exception {
        return cluster.getExecutionGraph(job)
                .get()
                .getCheckpointStatsSnapshot()
                .getHistory()
                .getCheckpoints()
                .stream()
                .filter(checkpoint -> checkpoint.getStatus().isInProgress())
                .findFirst()
                .map(
                        checkpoint ->
                                checkpoint.getNumberOfSubtasks()
                                        - checkpoint.getNumberOfAcknowledgedSubtasks())
                .orElse(-1);
    }

    /** Sends a request to the REST interface below /jobs/:jobid; the answer must be 2xx. */
    String rest(String method, String path, String body) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(
                                cluster.getRestAddress()
                                        .get()
                                        .resolve("/jobs/" + job.toHexString() + path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        HttpResponse<String> response =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new AssertionError(request + " answered " + response + ": " + response.body());
        }
        return response.body();
    }

    /** The stock call: new bounds for one vertex, by a part of its name; others keep theirs. */
    void putBounds(String name, int lower, int upper) throws Exception {
        ObjectNode bounds = (ObjectNode) JSON.readTree(rest("GET", "/resource-requirements", ""));
        ((ObjectNode) bounds.get(vertex(name).getJobVertexId().toHexString()).get("parallelism"))
                .put("lowerBound", lower)
                .put("upperBound", upper);
        rest("PUT", "/resource-requirements", bounds.toString());
    }

    /** The stock call: new upper bounds for some vertices, by a part of their name. */
    void putUpperBounds(Map<String, Integer> upperBounds) throws Exception {
        StringJoiner body = new StringJoiner(",", "{", "}");
        for (AccessExecutionJobVertex vertex :
                cluster.getExecutionGraph(job).get().getVerticesTopologically()) {
            int present = upperBoundOf(vertex.getJobVertexId().toHexString());
            int upper =
                    upperBounds.entrySet().stream()
                            .filter(bound -> vertex.getName().contains(bound.getKey()))
                            .map(Map.Entry::getValue)
                            .findFirst()
                            .orElse(present);
            body.add(
                    String.format(
                            "\"%s\":{\"parallelism\":{\"lowerBound\":1,\"upperBound\":%d}}",
                            vertex.getJobVertexId().toHexString(), upper));
        }
        rest("PUT", "/resource-requirements", body.toString());
    }

    /** Like {@link #putUpperBounds}; the id of the rescale that begins then. */
    String rescaleOfPut(Map<String, Integer> upperBounds) throws Exception {
        int before = history().size();
        putUpperBounds(upperBounds);
        waitUntil("it has begun", () -> history().size() > before);
        return history().get(0).rescaleId();
    }

    /** The wanted parallelism of a vertex, by a part of its name. */
    int upperBound(String name) throws Exception {
        return upperBoundOf(vertex(name).getJobVertexId().toHexString());
    }

    private int upperBoundOf(String vertexId) throws Exception {
        return JSON.readTree(rest("GET", "/resource-requirements", ""))
                .get(vertexId)
                .get("parallelism")
                .get("upperBound")
                .asInt();
    }

    /** The sentence with which a request is refused. */
    String refusal(RescaleRequest request) throws Exception {
        RescaleAnswer answer = call(new RescaleCall.Submit(request));
        if (!(answer instanceof RescaleAnswer.Refused refused)) {
            throw new AssertionError("Not refused: " + answer);
        }
        return refused.sentence();
    }

    /** The id of a rescale that was accepted. */
    String accepted(RescaleRequest request) throws Exception {
        RescaleAnswer answer = call(new RescaleCall.Submit(request));
        if (!(answer instanceof RescaleAnswer.Accepted accepted)) {
            throw new AssertionError("Not accepted: " + answer);
        }
        return accepted.rescale().rescaleId();
    }

    RescaleRecord awaitEnd(String rescaleId) throws Exception {
        waitUntil(
                "rescale " + rescaleId + " is over",
                () -> record(rescaleId).outcome().isTerminal(),
                () -> record(rescaleId));
        return record(rescaleId);
    }

    /** Waits until the history holds this many rescales and all of them are over. */
    void awaitHistory(int size) throws Exception {
        waitUntil(
                size + " rescales are over",
                () -> {
                    List<RescaleRecord> history = history();
                    return history.size() == size
                            && history.stream().allMatch(r -> r.outcome().isTerminal());
                },
                this::history);
    }

    /** Takes a checkpoint. */
    void checkpoint() throws Exception {
        cluster.triggerCheckpoint(job).get(30, TimeUnit.SECONDS);
    }

    /** Waits until a checkpoint completes that was triggered after this call. */
    void awaitCheckpoint() throws Exception {
        long before = completedCheckpoints();
        waitUntil("two more checkpoints complete", () -> completedCheckpoints() >= before + 2);
    }

    /** Waits until every task runs; records may flow before. */
    void awaitTasks() throws Exception {
        waitUntil(
                "all tasks run",
                () -> {
                    for (AccessExecutionJobVertex vertex :
                            cluster.getExecutionGraph(job).get().getVerticesTopologically()) {
                        for (AccessExecutionVertex task : vertex.getTaskVertices()) {
                            if (task.getExecutionState() != ExecutionState.RUNNING) {
                                return false;
                            }
                        }
                    }
                    return true;
                });
    }

    void awaitRunning() throws Exception {
        waitUntil("the job runs", () -> cluster.getJobStatus(job).get() == JobStatus.RUNNING);
    }

    void awaitResult() throws Exception {
        cluster.requestJobResult(job)
                .get(120, TimeUnit.SECONDS)
                .toJobExecutionResult(getClass().getClassLoader());
    }

    /** Cancels the job unless it is over, and waits for its end. */
    void endJob() throws Exception {
        if (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
            cluster.cancelJob(job).get(30, TimeUnit.SECONDS);
            waitUntil(
                    "the job is over",
                    () -> cluster.getJobStatus(job).get().isGloballyTerminalState());
        }
    }

    static void waitUntil(String what, Callable<Boolean> condition) throws Exception {
        waitUntil(what, condition, () -> "");
    }

    static void waitUntil(String what, Callable<Boolean> condition, Callable<?> last)
            throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Waited " + PATIENCE + " in vain until " + what + " " + last.call());
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}
