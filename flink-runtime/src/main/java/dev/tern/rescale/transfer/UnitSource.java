package dev.tern.rescale.transfer;

import java.util.concurrent.CompletableFuture;

/** The old owner's side of a session: hands out the units that a new owner asks for. */
public interface UnitSource {

    /**
     * Asks for a unit. All units of a fetch are asked for at once, in the order of the fetch, when
     * it arrives; their bytes are written one after the other in that order.
     *
     * <p>Called on a transfer thread; must not block. An exception, thrown or in the future, fails
     * the fetch with its message.
     *
     * @param unit number of the unit; the two sides agree on what a negative one stands for
     * @return completes when the unit has left its owner and its bytes may be written. There is no
     *     time limit on it; it is ignored once the session is withdrawn or the fetch has failed.
     */
    CompletableFuture<UnitBytes> request(int unit);
}
