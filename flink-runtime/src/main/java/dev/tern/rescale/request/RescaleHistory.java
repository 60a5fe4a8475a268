package dev.tern.rescale.request;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The last rescales of one job. Bounded: the oldest one that is over goes when a new one comes.
 *
 * <p>Not thread safe: used in the JobMaster main thread.
 */
public final class RescaleHistory {

    private final int capacity;
    private final Deque<RescaleRecord> newestFirst = new ArrayDeque<>();

    /**
     * Creates an empty history.
     *
     * @param capacity how many rescales are kept, at least 1
     */
    public RescaleHistory(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException(
                    "A rescale history keeps at least 1 rescale, not " + capacity + ".");
        }
        this.capacity = capacity;
    }

    /** Adds a rescale, or replaces the record with the same id in its place. */
    public void put(RescaleRecord rescale) {
        if (replace(rescale)) {
            return;
        }
        newestFirst.addFirst(rescale);
        Iterator<RescaleRecord> oldestFirst = newestFirst.descendingIterator();
        while (newestFirst.size() > capacity && oldestFirst.hasNext()) {
            // A rescale that still runs must be found when it ends, however old it is.
            if (oldestFirst.next().outcome().isTerminal()) {
                oldestFirst.remove();
            }
        }
    }

    /** The rescale with this id, if it is still kept. */
    public Optional<RescaleRecord> find(String rescaleId) {
        return newestFirst.stream().filter(r -> r.rescaleId().equals(rescaleId)).findFirst();
    }

    /** The newest rescale, running or not. */
    public Optional<RescaleRecord> latest() {
        return Optional.ofNullable(newestFirst.peekFirst());
    }

    /** All rescales that are kept, newest first, as Flink 2.3 lists them. */
    public List<RescaleRecord> newestFirst() {
        return List.copyOf(newestFirst);
    }

    private boolean replace(RescaleRecord rescale) {
        List<RescaleRecord> all = new ArrayList<>(newestFirst);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).rescaleId().equals(rescale.rescaleId())) {
                all.set(i, rescale);
                newestFirst.clear();
                newestFirst.addAll(all);
                return true;
            }
        }
        return false;
    }
}
