package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.types.ResourceID;

import org.apache.flink.shaded.netty4.io.netty.util.ResourceLeakDetector;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * An old and a new owner on two TaskExecutors of one JVM. Closing them fails if a network buffer is
 * still in use.
 */
final class TwoTaskExecutors implements AutoCloseable {

    static final long WAIT_SECONDS = 30;
    static final String HOST = "127.0.0.1";
    static final TransferSession SESSION = new TransferSession(new JobID(), "attempt-1", 7);

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    final TransferService oldOwner;
    final TransferService newOwner;

    TwoTaskExecutors() {
        this(new Configuration());
    }

    TwoTaskExecutors(Configuration conf) {
        this(conf, conf);
    }

    TwoTaskExecutors(Configuration ofOldOwner, Configuration ofNewOwner) {
        oldOwner = TransferService.acquire(ResourceID.generate(), ofOldOwner, HOST);
        newOwner = TransferService.acquire(ResourceID.generate(), ofNewOwner, HOST);
    }

    /** Short timeout, small chunks, small window: what goes wrong goes wrong soon. */
    static Configuration tight(Duration timeout) {
        Configuration conf = new Configuration();
        conf.setString(TransferOptions.CHUNK_SIZE.key(), "4kb");
        conf.set(TransferOptions.CREDITS, 4);
        conf.set(TransferOptions.TIMEOUT, timeout);
        return conf;
    }

    /** Serves units that are ready at once. */
    void serve(IntFunction<UnitBytes> units) throws TransferException {
        oldOwner.serve(SESSION, unit -> CompletableFuture.completedFuture(units.apply(unit)));
    }

    FetchHandle fetch(List<Integer> units, UnitSink sink) throws TransferException {
        return newOwner.fetch(oldOwner.endpoint(), SESSION, units, sink);
    }

    static FetchStats await(FetchHandle fetch) throws Exception {
        return fetch.done().get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for a fetch to fail. */
    static TransferException failureOf(FetchHandle fetch) {
        return (TransferException)
                catchThrowableOfType(
                                java.util.concurrent.ExecutionException.class, () -> await(fetch))
                        .getCause();
    }

    @Override
    public void close() throws Exception {
        oldOwner.withdraw(SESSION).get(WAIT_SECONDS, TimeUnit.SECONDS);
        for (TransferService service : List.of(newOwner, oldOwner)) {
            service.close();
            assertThat(service.awaitClosed(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(service.buffersInUse()).as("network buffers in use").isZero();
        }
    }
}
