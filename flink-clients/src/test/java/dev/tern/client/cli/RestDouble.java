package dev.tern.client.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An HTTP server that answers as it was told and remembers what it was asked. */
final class RestDouble implements AutoCloseable {

    private record Answer(int status, String body) {}

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    /** Requests as "METHOD path body". */
    final List<String> requests = new ArrayList<>();

    RestDouble() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    void answer(String methodAndPath, int status, Object body) {
        answers.put(
                methodAndPath,
                new Answer(
                        status,
                        body instanceof String text ? text : RescaleAction.toJson(body)));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String key =
                exchange.getRequestMethod()
                        + " "
                        + exchange.getRequestURI().getPath().replaceFirst("^/v1", "");
        String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        synchronized (requests) {
            requests.add((key + " " + body).strip());
        }
        Answer notFound = new Answer(404, "{\"errors\":[\"Not found: " + key + "\"]}");
        Answer answer = answers.getOrDefault(key, notFound);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json; charset=UTF-8");
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
