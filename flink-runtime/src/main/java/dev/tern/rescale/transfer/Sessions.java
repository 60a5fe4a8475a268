package dev.tern.rescale.transfer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The departures that a process serves, and who is fetching from each. Thread-safe. */
final class Sessions {

    /**
     * What is served under a session.
     *
     * @param source hands out the units
     * @param userCode class loader in which the source is called
     */
    record Offer(UnitSource source, ClassLoader userCode) {}

    private record Served(Offer offer, Set<Departure> departures) {}

    private final Map<TransferSession, Served> served = new HashMap<>();

    /**
     * Begins to serve a session.
     *
     * @throws IllegalStateException if it is served already
     */
    synchronized void serve(TransferSession session, Offer offer) {
        if (served.containsKey(session)) {
            throw new IllegalStateException(
                    "Units of " + session + " are already served; withdraw them first");
        }
        served.put(session, new Served(offer, new HashSet<>()));
    }

    /**
     * Lets a connection fetch from a session.
     *
     * @throws TransferException saying why there is no such session
     */
    synchronized Offer join(TransferSession session, Departure departure) throws TransferException {
        Served found = served.get(session);
        if (found == null) {
            throw new TransferException(refusal(session, List.copyOf(served.keySet())));
        }
        found.departures.add(departure);
        return found.offer;
    }

    /** Forgets a connection that is over. */
    synchronized void leave(TransferSession session, Departure departure) {
        Served found = served.get(session);
        if (found != null) {
            found.departures.remove(departure);
        }
    }

    /** Stops serving a session; completes when nobody uses its source any more. */
    CompletableFuture<Void> withdraw(TransferSession session) {
        List<Departure> departures;
        synchronized (this) {
            Served found = served.remove(session);
            departures = found == null ? List.of() : List.copyOf(found.departures);
        }
        departures.forEach(d -> d.fail("the old owner has withdrawn the session"));
        return CompletableFuture.allOf(
                departures.stream().map(Departure::over).toArray(CompletableFuture[]::new));
    }

    /** Says why a session is not served, given those that are. */
    static String refusal(TransferSession asked, List<TransferSession> served) {
        for (TransferSession other : served) {
            if (other.job().equals(asked.job()) && other.owner().equals(asked.owner())) {
                return (asked.epoch() < other.epoch() ? "stale" : "unknown")
                        + " epoch "
                        + asked.epoch()
                        + ": this owner serves epoch "
                        + other.epoch();
            }
        }
        return "no units of " + asked + " are served here; they never were, or were withdrawn";
    }
}
