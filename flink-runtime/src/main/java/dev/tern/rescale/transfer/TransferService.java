package dev.tern.rescale.transfer;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.types.ResourceID;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One user's access to the transfer of a TaskExecutor process. All users of a TaskExecutor share one
 * server and its threads, which live from the first use to the close of the last user. All methods
 * may be called on any thread.
 */
public final class TransferService implements AutoCloseable {

    private TransferService() {}

    /**
     * Registers a user of the TaskExecutor's transfer.
     *
     * @param taskExecutor identity of the TaskExecutor; several live in one JVM in a MiniCluster
     * @param conf its configuration ({@link TransferOptions}, {@code security.ssl.internal.*}); that
     *     of the first user counts
     * @param bindHost address to bind, and to announce unless it is a wildcard
     */
    public static TransferService acquire(
            ResourceID taskExecutor, Configuration conf, String bindHost) {
        throw new UnsupportedOperationException("not landed yet");
    }

    /**
     * Where this process serves; opens the server if it is not open yet.
     *
     * @throws TransferException if no port of {@link TransferOptions#PORT} can be bound
     */
    public TransferEndpoint endpoint() throws TransferException {
        throw new UnsupportedOperationException("not landed yet");
    }

    /**
     * Offers the units of a session until it is withdrawn or this user closes.
     *
     * @throws IllegalStateException if the session is being served already
     * @throws TransferException if the server cannot be opened
     */
    public void serve(TransferSession session, UnitSource source) throws TransferException {
        throw new UnsupportedOperationException("not landed yet");
    }

    /**
     * Drops everything of the session: running and later fetches of it fail. No effect on a session
     * that is not served.
     *
     * @return completes when no {@link UnitBytes#writeTo} of the session is running any more, so that
     *     what it reads may be disposed of
     */
    public CompletableFuture<Void> withdraw(TransferSession session) {
        throw new UnsupportedOperationException("not landed yet");
    }

    /**
     * Asks an old owner for units. Returns at once.
     *
     * @param units at least one, in the order in which they are wanted
     */
    public FetchHandle fetch(
            TransferEndpoint from, TransferSession session, List<Integer> units, UnitSink sink) {
        throw new UnsupportedOperationException("not landed yet");
    }

    /** Withdraws what this user serves and cancels what it fetches. Closing twice is harmless. */
    @Override
    public void close() {}
}
