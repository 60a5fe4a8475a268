package dev.tern.rescale.transfer;

import java.util.concurrent.CompletableFuture;

/** A running fetch. All methods may be called on any thread. */
public interface FetchHandle {

    /**
     * Completes after the last unit was received, or exceptionally, once, with a {@link
     * TransferException} that names session, unit and cause. When it completes the sink is not
     * running and will not be called again. It may complete on a transfer thread: continue
     * elsewhere with anything that blocks.
     */
    CompletableFuture<FetchStats> done();

    /** Gives up; {@link #done()} fails. No effect on a fetch that is over. */
    void cancel();
}
