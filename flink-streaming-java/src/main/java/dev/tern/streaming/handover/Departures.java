package dev.tern.streaming.handover;

import dev.tern.rescale.transfer.TransferSession;
import dev.tern.rescale.transfer.UnitBytes;
import dev.tern.rescale.transfer.UnitSource;
import dev.tern.streaming.state.DetachedUnit;
import dev.tern.streaming.state.StateSchema;
import dev.tern.streaming.state.UnitEncoder;

import org.apache.flink.runtime.clusterframework.types.ResourceID;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Units that leave one task in one epoch: promised before they have left, handed out once.
 *
 * <p>A new owner in the same process takes a unit by reference, one in another process as bytes.
 * Filled by the mailbox thread of the old owner, emptied by any thread.
 */
final class Departures implements UnitSource {

    private record Key(ResourceID process, TransferSession session) {}

    private static final Map<Key, Departures> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private final Key key;
    private final int keyGroups;
    private final Map<Integer, CompletableFuture<StateSchema>> schemas = new ConcurrentHashMap<>();
    private final Map<Integer, CompletableFuture<DetachedUnit>> units = new ConcurrentHashMap<>();
    private final CompletableFuture<byte[]> broadcast = new CompletableFuture<>();
    private volatile UnitEncoder encoder;
    private volatile Map<Integer, LateRecords> lateRecords = Map.of();

    private Departures(Key key, int keyGroups) {
        this.key = key;
        this.keyGroups = keyGroups;
    }

    /** Opens the departures of a task; two TaskExecutors in one JVM do not see each other's. */
    static Departures open(ResourceID process, TransferSession session, int keyGroups) {
        Departures departures = new Departures(new Key(process, session), keyGroups);
        IN_THIS_PROCESS.put(departures.key, departures);
        return departures;
    }

    /** The departures of a task in the same process, or null when it is not there any more. */
    static Departures of(ResourceID process, TransferSession session) {
        return IN_THIS_PROCESS.get(new Key(process, session));
    }

    /** A request that is answered at once, with nothing: shows that units can be served. */
    static final int GREETING = Integer.MAX_VALUE;

    /** The number under which the copy of broadcast state is requested, by any number of takers. */
    static final int BROADCAST = GREETING - 1;

    /**
     * The number under which the schema of a step is requested. Each step has its own: a state may be
     * registered between two of them.
     */
    static int schemaUnit(int keyGroups, int step) {
        return keyGroups + step;
    }

    /** The number under which a new owner requests the next batch of records that came late. */
    static int lateUnit(int taker) {
        return -1 - taker;
    }

    private static int takerOf(int lateUnit) {
        return -1 - lateUnit;
    }

    /** Completes when the units of the step have left. */
    CompletableFuture<StateSchema> schema(int step) {
        return schemas.computeIfAbsent(step, ignored -> new CompletableFuture<>());
    }

    /** Completes with the unit itself when it has left. It can be taken once. */
    CompletableFuture<DetachedUnit> take(int keyGroup) {
        return promise(keyGroup).whenComplete((unit, failure) -> units.remove(keyGroup));
    }

    /** The units of a step have left; from now on the schema and the encoder cover them. */
    void departed(
            int step, StateSchema schemaNow, UnitEncoder encoderNow, Iterable<DetachedUnit> left) {
        encoder = encoderNow;
        schema(step).complete(schemaNow);
        for (DetachedUnit unit : left) {
            promise(unit.keyGroup()).complete(unit);
        }
    }

    /** Completes when broadcast state has been copied. */
    CompletableFuture<byte[]> broadcast() {
        return broadcast;
    }

    /** Broadcast state was copied for whoever needs it. */
    void copied(byte[] copy) {
        broadcast.complete(copy);
    }

    /** In a step that begins, records that come late are sent behind their units. */
    void reRoute(Map<Integer, LateRecords> byTaker) {
        lateRecords = byTaker;
    }

    /** The next batch of late records for a new owner. It asks when it has got a unit of the step. */
    CompletableFuture<byte[]> nextLate(int taker) {
        LateRecords late = lateRecords.get(taker);
        if (late == null) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("No records are re-routed to subtask " + taker));
        }
        try {
            return late.next();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Nobody can take anything any more. */
    void close() {
        IN_THIS_PROCESS.remove(key, this);
        lateRecords.values().forEach(LateRecords::close);
        IllegalStateException closed =
                new IllegalStateException("The departures of " + key.session() + " are closed");
        schemas.values().forEach(schema -> schema.completeExceptionally(closed));
        for (CompletableFuture<DetachedUnit> unit : units.values()) {
            if (!unit.completeExceptionally(closed)) {
                unit.thenAccept(DetachedUnit::close);
            }
        }
        broadcast.completeExceptionally(closed);
        units.clear();
    }

    @Override
    public CompletableFuture<UnitBytes> request(int unit) {
        if (unit == GREETING) {
            return CompletableFuture.completedFuture(out -> {});
        }
        if (unit == BROADCAST) {
            return broadcast.thenApply(Departures::announced);
        }
        if (unit < 0) {
            return nextLate(takerOf(unit)).thenApply(Departures::announced);
        }
        if (unit >= keyGroups) {
            return schema(unit - keyGroups).thenApply(schema -> schema::write);
        }
        return take(unit)
                .thenApply(
                        detached ->
                                out -> {
                                    encoder.write(detached, out);
                                    detached.close();
                                });
    }

    private static UnitBytes announced(byte[] bytes) {
        return out -> {
            out.writeInt(bytes.length);
            out.write(bytes);
        };
    }

    private CompletableFuture<DetachedUnit> promise(int keyGroup) {
        return units.computeIfAbsent(keyGroup, ignored -> new CompletableFuture<>());
    }
}
