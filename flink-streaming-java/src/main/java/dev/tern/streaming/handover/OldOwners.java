package dev.tern.streaming.handover;

import dev.tern.rescale.control.TaskCommand.OwnerAddress;
import dev.tern.rescale.control.TaskCommand.PrepareOwner;
import dev.tern.rescale.transfer.FetchStats;
import dev.tern.rescale.transfer.TransferService;
import dev.tern.rescale.transfer.TransferSession;
import dev.tern.rescale.transfer.UnitSink;
import dev.tern.streaming.state.AnnouncedBytes;

import org.apache.flink.api.common.JobID;
import org.apache.flink.util.concurrent.FutureUtils;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The ways from one new owner to those from whom something comes: their departures, if they are in
 * the same process and nothing has to be encoded, else the transfer channel. Any thread.
 */
final class OldOwners {

    private final TransferService transfer;
    private final JobID job;
    private final long epoch;
    private final PrepareOwner prepare;
    private final boolean movesByReference;

    /**
     * @param movesByReference whether the state of this task can be handed over as it is
     */
    OldOwners(
            TransferService transfer,
            JobID job,
            long epoch,
            PrepareOwner prepare,
            boolean movesByReference) {
        this.transfer = transfer;
        this.job = job;
        this.epoch = epoch;
        this.prepare = prepare;
        this.movesByReference = movesByReference;
    }

    /** The departures of an owner whose units can be taken by reference, or null. */
    Departures local(OwnerAddress owner) {
        return prepare.options().byReference()
                        && movesByReference
                        && owner.process().equals(prepare.self())
                ? Departures.of(prepare.self(), session(owner))
                : null;
    }

    /** Asks for units as bytes. */
    CompletableFuture<FetchStats> fetch(OwnerAddress owner, List<Integer> units, UnitSink sink) {
        return transfer.fetch(owner.endpoint(), session(owner), units, sink).done();
    }

    /** Completes when all have answered over the channel. */
    CompletableFuture<?> greet(List<OwnerAddress> owners) {
        return FutureUtils.combineAll(
                owners.stream()
                        .map(owner -> fetch(owner, List.of(Departures.GREETING), (unit, in) -> {}))
                        .toList());
    }

    /** Completes with a copy of an owner's broadcast state, when it has been made. */
    CompletableFuture<byte[]> broadcast(OwnerAddress giver) {
        Departures local = local(giver);
        return local != null ? local.broadcast() : bytes(giver, Departures.BROADCAST);
    }

    /** Completes with the next batch of records that an owner re-routes to one that takes. */
    CompletableFuture<byte[]> late(OwnerAddress giver, int taker) {
        Departures local = local(giver);
        return local != null ? local.nextLate(taker) : bytes(giver, Departures.lateUnit(taker));
    }

    private CompletableFuture<byte[]> bytes(OwnerAddress giver, int number) {
        AtomicReference<byte[]> bytes = new AtomicReference<>();
        return fetch(giver, List.of(number), (unit, in) -> bytes.set(AnnouncedBytes.read(in)))
                .thenApply(stats -> bytes.get());
    }

    private TransferSession session(OwnerAddress owner) {
        return new TransferSession(job, owner.attempt(), epoch);
    }
}
