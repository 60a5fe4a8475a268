package dev.tern.experiments.rest;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The JobManager's REST interface. Safe for use by several threads. */
public final class FlinkRest {

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final ObjectMapper json = new ObjectMapper();
    private final String root;

    /** Talks to the JobManager at {@code http://127.0.0.1:port}. */
    public FlinkRest(int port) {
        this.root = "http://127.0.0.1:" + port;
    }

    /** The address of the JobManager, without a trailing slash. */
    public String address() {
        return root;
    }

    /** An empty request body to fill. */
    public ObjectNode body() {
        return json.createObjectNode();
    }

    /** Answers {@code GET path}. */
    public JsonNode get(String path) throws IOException {
        return call("GET", path, null);
    }

    /** Answers {@code POST path}. */
    public JsonNode post(String path, JsonNode body) throws IOException {
        return call("POST", path, body);
    }

    /** Answers {@code PUT path}. */
    public JsonNode put(String path, JsonNode body) throws IOException {
        return call("PUT", path, body);
    }

    /** Answers {@code PATCH path} without a body. */
    public JsonNode patch(String path) throws IOException {
        return call("PATCH", path, null);
    }

    private JsonNode call(String method, String path, JsonNode body) throws IOException {
        HttpRequest.BodyPublisher content =
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body.toString());
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(root + path))
                        .timeout(CALL_TIMEOUT)
                        .header("Content-Type", "application/json")
                        .method(method, content)
                        .build();
        try {
            HttpResponse<String> answer =
                    http.send(
                            request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (answer.statusCode() / 100 != 2) {
                throw new RestFailure(method, path, answer.statusCode(), answer.body());
            }
            return answer.body().isBlank() ? json.createObjectNode() : json.readTree(answer.body());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for " + method + " " + path + ".");
        }
    }
}
