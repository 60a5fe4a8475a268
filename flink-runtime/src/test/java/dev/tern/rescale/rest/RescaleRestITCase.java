package dev.tern.rescale.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobGraphBuilder;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;

/** The rescale resources of a real REST endpoint, asked with a plain HTTP client. */
class RescaleRestITCase {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static MiniCluster cluster;
    private static JobID stockJob;

    @BeforeAll
    static void start() throws Exception {
        Configuration configuration = new Configuration();
        // Not the adaptive scheduler: the answer of such a job is part of the contract.
        configuration.set(JobManagerOptions.SCHEDULER, JobManagerOptions.SchedulerType.Default);
        configuration.set(RestOptions.BIND_PORT, "0");
        cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .build());
        cluster.start();
        JobVertex vertex = new JobVertex("blocking");
        vertex.setInvokableClass(BlockingInvokable.class);
        vertex.setParallelism(1);
        JobGraph job = JobGraphBuilder.newStreamingJobGraphBuilder().addJobVertex(vertex).build();
        stockJob = cluster.submitJob(job).get(30, TimeUnit.SECONDS).getJobID();
        awaitRunning();
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void anUnknownJobIs404InOneSentence() throws Exception {
        JobID unknown = new JobID();
        assertError(post(unknown.toString(), "{}"), 404, "There is no running job " + unknown);
        assertError(get("/jobs/" + unknown + "/rescales/history"), 404, "There is no running job");
        assertError(get("/jobs/" + unknown + "/rescales/details/r1"), 404, "no running job");
    }

    @Test
    void aMalformedJobIdIs400() throws Exception {
        assertThat(post("x", "{}").statusCode()).isEqualTo(400);
    }

    @Test
    void aMalformedBodyIs400() throws Exception {
        assertThat(post(stockJob.toString(), "{").statusCode()).isEqualTo(400);
        assertError(
                post(stockJob.toString(), "{\"parallelism\":\"many\"}"),
                400,
                "\\\"parallelism\\\" is \\\"many\\\", expected an integer.");
        assertError(post(stockJob.toString(), "{\"p\":4}"), 400, "no field \\\"p\\\"");
    }

    @Test
    void aJobUnderTheDefaultSchedulerIs409() throws Exception {
        assertError(
                post(stockJob.toString(), "{\"parallelism\":2}"),
                409,
                "does not run under the adaptive scheduler");
        assertError(get("/jobs/" + stockJob + "/rescales/history"), 409, "adaptive");
    }

    private static void assertError(HttpResponse<String> response, int status, String part) {
        assertThat(response.body())
                .contains(part)
                .startsWith("{\"errors\":[\"")
                .endsWith(".\"]}")
                // Not a stack trace.
                .doesNotContain("\\n");
        assertThat(response.statusCode()).isEqualTo(status);
    }

    private static HttpResponse<String> post(String jobId, String body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(uri("/jobs/" + jobId + "/rescales"))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(String path) throws Exception {
        return cluster.getRestAddress().get().resolve(path);
    }

    private static void awaitRunning() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        // Each turn is a call to the Dispatcher, so this does not spin.
        while (cluster.getJobStatus(stockJob).get() != JobStatus.RUNNING) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }
}
