package dev.tern.experiments.rest;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The REST calls about one job that any Flink 2.2 answers, and ours for a live rescale. */
public final class JobRest {

    private final FlinkRest rest;
    private final String jobId;

    /** Talks about the job {@code jobId}, 32 hex digits. */
    public JobRest(FlinkRest rest, String jobId) {
        this.rest = rest;
        this.jobId = jobId;
    }

    /** The job's id. */
    public String jobId() {
        return jobId;
    }

    /** The job status, such as RUNNING or FINISHED. */
    public String state() throws IOException {
        return rest.get(path("")).path("state").asText();
    }

    /** Everything that shows whether the job was restarted, read in a few calls. */
    public JobPicture picture() throws IOException {
        JsonNode details = rest.get(path(""));
        List<VertexView> vertices = new ArrayList<>();
        for (JsonNode vertex : details.path("vertices")) {
            String vertexPath = path("/vertices/" + vertex.path("id").asText());
            vertices.add(VertexView.of(rest.get(vertexPath)));
        }
        JsonNode exceptions = rest.get(path("/exceptions"));
        JsonNode checkpoints = rest.get(path("/checkpoints"));
        return new JobPicture(
                details.path("state").asText(),
                numRestarts(),
                exceptions.path("exceptionHistory").path("entries").size(),
                checkpoints.path("counts").path("restored").asLong(),
                vertices);
    }

    /** One vertex. */
    public VertexView vertex(String vertexId) throws IOException {
        return VertexView.of(rest.get(path("/vertices/" + vertexId)));
    }

    /** Whether the job and every task of it runs. */
    public boolean isRunning() throws IOException {
        JsonNode details = rest.get(path(""));
        if (!details.path("state").asText().equals("RUNNING")) {
            return false;
        }
        for (JsonNode vertex : details.path("vertices")) {
            int running = vertex.path("tasks").path("RUNNING").asInt();
            if (running != vertex.path("parallelism").asInt()) {
                return false;
            }
        }
        return true;
    }

    /** The checkpoints, newest first. */
    public List<CheckpointView> checkpoints() throws IOException {
        return CheckpointView.history(rest.get(path("/checkpoints")));
    }

    /** Asks for a live rescale of one vertex through our endpoint; returns the rescale's id. */
    public String requestLiveRescale(
            String vertexId, int parallelism, String strategy, String placement)
            throws IOException {
        ObjectNode body = rest.body();
        body.put("vertex", vertexId);
        body.put("parallelism", parallelism);
        body.put("strategy", strategy);
        body.put("placement", placement);
        return rest.post(path("/rescales"), body).path("rescaleId").asText();
    }

    /** Raises or lowers the upper bound of one vertex through the stock requirements endpoint. */
    public void putUpperBound(String vertexId, int parallelism) throws IOException {
        ObjectNode body = (ObjectNode) rest.get(path("/resource-requirements"));
        ObjectNode bounds = (ObjectNode) body.path(vertexId).path("parallelism");
        bounds.put("lowerBound", 1);
        bounds.put("upperBound", parallelism);
        rest.put(path("/resource-requirements"), body);
    }

    /** The rescales of the job in our history, newest first. */
    public List<RescaleView> rescales() throws IOException {
        List<RescaleView> rescales = new ArrayList<>();
        rest.get(path("/rescales/history"))
                .forEach(rescale -> rescales.add(RescaleView.of(rescale)));
        return rescales;
    }

    /** One rescale of our history. */
    public RescaleView rescale(String rescaleId) throws IOException {
        return RescaleView.of(rest.get(path("/rescales/details/" + rescaleId)));
    }

    /** Cancels the job; does not wait. */
    public void cancel() throws IOException {
        rest.patch(path("?mode=cancel"));
    }

    private long numRestarts() throws IOException {
        JsonNode metrics = rest.get(path("/metrics?get=numRestarts"));
        if (metrics.size() != 1) {
            throw new IOException(
                    "Job "
                            + jobId
                            + " has no metric numRestarts yet, got "
                            + metrics
                            + "; ask again after metrics.fetcher.update-interval.");
        }
        return metrics.get(0).path("value").asLong();
    }

    private String path(String rest) {
        return "/jobs/" + jobId + rest;
    }
}
