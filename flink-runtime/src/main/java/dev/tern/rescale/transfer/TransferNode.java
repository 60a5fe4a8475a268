package dev.tern.rescale.transfer;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.types.ResourceID;

import org.apache.flink.shaded.netty4.io.netty.channel.Channel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import javax.annotation.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all users of one TaskExecutor share: settings, threads, the sessions it serves, and the
 * server, which opens when it is first needed. Thread-safe.
 */
final class TransferNode {

    private static final Logger LOG = LoggerFactory.getLogger(TransferNode.class);

    private static final int TOKEN_BYTES = 32;

    /** The nodes of this JVM: one, but for a MiniCluster. Guards {@link #users} too. */
    private static final Map<ResourceID, TransferNode> NODES = new HashMap<>();

    private final ResourceID taskExecutor;
    private final Configuration conf;
    private final String host;
    private final TransferSettings settings;
    private final byte[] token = new byte[TOKEN_BYTES];
    private final Sessions sessions = new Sessions();
    private final WorkerPool writers;
    private final WorkerPool readers;
    private final AtomicInteger requests = new AtomicInteger();

    private int users;
    private boolean closed;
    @Nullable private TransferNet net;
    @Nullable private Channel server;
    @Nullable private TransferEndpoint endpoint;

    private TransferNode(ResourceID taskExecutor, Configuration conf, String host) {
        this.taskExecutor = taskExecutor;
        this.conf = conf;
        this.host = host;
        this.settings = TransferSettings.from(conf);
        this.writers = new WorkerPool("tern-transfer-writer-", settings.threads());
        this.readers = new WorkerPool("tern-transfer-reader-", settings.threads());
        new SecureRandom().nextBytes(token);
    }

    /** Adds a user to a TaskExecutor's node; the first one creates it. */
    static TransferNode acquire(ResourceID taskExecutor, Configuration conf, String host) {
        synchronized (NODES) {
            TransferNode node = NODES.get(taskExecutor);
            if (node == null) {
                node = new TransferNode(taskExecutor, conf, host);
                NODES.put(taskExecutor, node);
            }
            node.users++;
            return node;
        }
    }

    /** Removes a user; the last one closes server and threads. */
    void release() {
        synchronized (NODES) {
            users--;
            if (users > 0) {
                return;
            }
            NODES.remove(taskExecutor);
        }
        close();
    }

    TransferSettings settings() {
        return settings;
    }

    byte[] token() {
        return token;
    }

    Sessions sessions() {
        return sessions;
    }

    WorkerPool writers() {
        return writers;
    }

    WorkerPool readers() {
        return readers;
    }

    /** Where the server listens; opens it if need be. */
    synchronized TransferEndpoint endpoint() throws TransferException {
        if (endpoint == null) {
            server =
                    net().bind(
                                    conf.get(TaskManagerOptions.BIND_HOST, host),
                                    () -> new Departure(this));
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            endpoint = new TransferEndpoint(announcedHost(), port, token);
            LOG.info("TaskManager {} serves moving state at {}", taskExecutor, endpoint);
        }
        return endpoint;
    }

    /** A wildcard can be bound but not connected to. */
    private String announcedHost() throws TransferException {
        InetSocketAddress resolved = new InetSocketAddress(host, 0);
        if (resolved.isUnresolved() || !resolved.getAddress().isAnyLocalAddress()) {
            return host;
        }
        String configured = conf.get(TaskManagerOptions.HOST);
        if (configured != null) {
            return configured;
        }
        try {
            return InetAddress.getLocalHost().getHostAddress();
        } catch (UnknownHostException e) {
            throw new TransferException(
                    "No address to announce for the state transfer on "
                            + host
                            + "; set "
                            + TaskManagerOptions.HOST.key(),
                    e);
        }
    }

    /** Starts a fetch; whatever goes wrong fails its future. */
    Fetch fetch(
            TransferEndpoint from, TransferSession session, List<Integer> units, UnitSink sink) {
        Fetch fetch = new Fetch(this, requests.incrementAndGet(), from, session, units, sink);
        try {
            readers.execute(() -> connect(fetch));
        } catch (RejectedExecutionException e) {
            fetch.fail("the TaskManager is closing", e, false);
        }
        return fetch;
    }

    private void connect(Fetch fetch) {
        try {
            net().connect(fetch.from(), fetch);
        } catch (TransferException | RuntimeException e) {
            fetch.fail("no connection: " + e.getMessage(), e, false);
        }
    }

    /** Network buffers in use at the moment. */
    synchronized long buffersInUse() {
        return net == null ? 0 : net.buffersInUse();
    }

    /** Waits until nothing of a node that was released is left in the network. */
    boolean awaitClosed(long timeout, TimeUnit unit) throws InterruptedException {
        TransferNet closing;
        synchronized (this) {
            closing = net;
        }
        return closing == null || closing.awaitClosed(timeout, unit);
    }

    private synchronized TransferNet net() throws TransferException {
        if (closed) {
            throw new TransferException("the state transfer of this TaskManager is closed");
        }
        if (net == null) {
            net = new TransferNet("tern-transfer-io", conf, settings);
        }
        return net;
    }

    private synchronized void close() {
        closed = true;
        if (server != null) {
            LOG.info("TaskManager {} no longer serves moving state at {}", taskExecutor, endpoint);
            if (net.isEventLoop()) {
                server.close();
            } else {
                server.close().awaitUninterruptibly();
            }
        }
        if (net != null) {
            net.close();
        }
        writers.close();
        readers.close();
    }
}
