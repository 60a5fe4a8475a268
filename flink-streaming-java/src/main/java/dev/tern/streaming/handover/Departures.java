package dev.tern.streaming.handover;

import dev.tern.rescale.transfer.TransferSession;
import dev.tern.rescale.transfer.UnitBytes;
import dev.tern.rescale.transfer.UnitSource;
import dev.tern.streaming.state.DetachedUnit;
import dev.tern.streaming.state.StateSchema;
import dev.tern.streaming.state.UnitEncoder;

import org.apache.flink.runtime.clusterframework.types.ResourceID;

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
    private final CompletableFuture<StateSchema> schema = new CompletableFuture<>();
    private final Map<Integer, CompletableFuture<DetachedUnit>> units = new ConcurrentHashMap<>();
    private volatile UnitEncoder encoder;

    private Departures(Key key) {
        this.key = key;
    }

    /** Opens the departures of a task; two TaskExecutors in one JVM do not see each other's. */
    static Departures open(ResourceID process, TransferSession session) {
        Departures departures = new Departures(new Key(process, session));
        IN_THIS_PROCESS.put(departures.key, departures);
        return departures;
    }

    /** The departures of a task in the same process, or null when it is not there any more. */
    static Departures of(ResourceID process, TransferSession session) {
        return IN_THIS_PROCESS.get(new Key(process, session));
    }

    /** Completes when the first unit has left. */
    CompletableFuture<StateSchema> schema() {
        return schema;
    }

    /** Completes with the unit itself when it has left. It can be taken once. */
    CompletableFuture<DetachedUnit> take(int keyGroup) {
        return promise(keyGroup).whenComplete((unit, failure) -> units.remove(keyGroup));
    }

    /** The units have left; from now on the schema and the encoder cover them. */
    void departed(StateSchema schemaNow, UnitEncoder encoderNow, Iterable<DetachedUnit> left) {
        encoder = encoderNow;
        schema.complete(schemaNow);
        for (DetachedUnit unit : left) {
            promise(unit.keyGroup()).complete(unit);
        }
    }

    /** Nobody can take anything any more. */
    void close() {
        IN_THIS_PROCESS.remove(key, this);
        IllegalStateException closed =
                new IllegalStateException("The departures of " + key.session() + " are closed");
        schema.completeExceptionally(closed);
        units.values().forEach(unit -> unit.completeExceptionally(closed));
        units.clear();
    }

    @Override
    public CompletableFuture<UnitBytes> request(int unit) {
        if (unit == SCHEMA) {
            return schema.thenApply(s -> s::write);
        }
        return take(unit).thenApply(detached -> out -> encoder.write(detached, out));
    }

    private CompletableFuture<DetachedUnit> promise(int keyGroup) {
        return units.computeIfAbsent(keyGroup, ignored -> new CompletableFuture<>());
    }
}
