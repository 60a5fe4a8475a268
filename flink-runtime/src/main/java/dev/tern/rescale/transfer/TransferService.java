package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.types.ResourceID;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One user's access to the transfer of a TaskExecutor process. All users of a TaskExecutor share
 * one server and its threads, which live from the first use to the close of the last user. All
 * methods may be called on any thread.
 */
public final class TransferService implements AutoCloseable {

    private final TransferNode node;
    private final Set<TransferSession> served = new HashSet<>();
    private final Set<FetchHandle> fetches = new HashSet<>();
    private boolean closed;

    private TransferService(TransferNode node) {
        this.node = node;
    }

    /**
     * Registers a user of the TaskExecutor's transfer.
     *
     * @param taskExecutor identity of the TaskExecutor; several live in one JVM in a MiniCluster
     * @param conf its configuration ({@link TransferOptions}, {@code security.ssl.internal.*});
     *     that of the first user counts
     * @param host where other TaskExecutors reach this one. Announced, and bound unless {@code
     *     taskmanager.bind-host} says otherwise; a wildcard is bound but not announced
     * @throws org.apache.flink.configuration.IllegalConfigurationException if an option is out of
     *     range
     */
    public static TransferService acquire(
            ResourceID taskExecutor, Configuration conf, String host) {
        return new TransferService(TransferNode.acquire(taskExecutor, conf, host));
    }

    /**
     * Where this process serves; opens the server if it is not open yet.
     *
     * @throws TransferException if no port of {@link TransferOptions#PORT} can be bound
     */
    public synchronized TransferEndpoint endpoint() throws TransferException {
        requireOpen();
        return node.endpoint();
    }

    /**
     * Offers the units of a session until it is withdrawn or this user closes. The source and its
     * units are called in the context class loader of this call.
     *
     * @throws IllegalStateException if the session is being served already
     * @throws TransferException if the server cannot be opened
     */
    public synchronized void serve(TransferSession session, UnitSource source)
            throws TransferException {
        requireOpen();
        node.endpoint();
        ClassLoader userCode = Thread.currentThread().getContextClassLoader();
        node.sessions().serve(session, new Sessions.Offer(source, userCode));
        served.add(session);
    }

    /**
     * Drops everything of a session that this user serves: running and later fetches of it fail. No
     * effect on other sessions.
     *
     * @return completes when no {@link UnitBytes#writeTo} of the session is running any more, so
     *     that what it reads may be disposed of
     */
    public CompletableFuture<Void> withdraw(TransferSession session) {
        synchronized (this) {
            if (!served.remove(session)) {
                return CompletableFuture.completedFuture(null);
            }
        }
        return node.sessions().withdraw(session);
    }

    /**
     * Asks an old owner for units. Returns at once; whatever goes wrong fails the handle. The sink
     * is called in the context class loader of this call.
     *
     * @param units 1 to 262144, in the order in which they are wanted
     */
    public synchronized FetchHandle fetch(
            TransferEndpoint from, TransferSession session, List<Integer> units, UnitSink sink) {
        requireOpen();
        if (units.isEmpty() || units.size() > FrameLimits.MAX_UNITS) {
            throw new IllegalArgumentException(
                    "A fetch takes 1 to "
                            + FrameLimits.MAX_UNITS
                            + " units, but "
                            + units.size()
                            + " are wanted of "
                            + session);
        }
        FetchHandle fetch = node.fetch(from, session, units, sink);
        fetches.add(fetch);
        fetch.done().whenComplete((stats, failure) -> forget(fetch));
        return fetch;
    }

    /** Withdraws what this user serves and cancels what it fetches. Closing twice is harmless. */
    @Override
    public void close() {
        List<TransferSession> toWithdraw;
        List<FetchHandle> toCancel;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            toWithdraw = List.copyOf(served);
            toCancel = List.copyOf(fetches);
        }
        toCancel.forEach(FetchHandle::cancel);
        toWithdraw.forEach(this::withdraw);
        node.release();
    }

    /** Network buffers of the TaskExecutor that are in use at the moment. */
    long buffersInUse() {
        return node.buffersInUse();
    }

    /** Waits until the TaskExecutor, whose last user has closed, has left the network. */
    boolean awaitClosed(long timeout, TimeUnit unit) throws InterruptedException {
        return node.awaitClosed(timeout, unit);
    }

    private synchronized void forget(FetchHandle fetch) {
        fetches.remove(fetch);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "This user of the state transfer is closed; acquire it anew");
        }
    }
}
