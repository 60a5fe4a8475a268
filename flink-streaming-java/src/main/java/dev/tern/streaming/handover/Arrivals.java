package dev.tern.streaming.handover;

import dev.tern.rescale.control.TaskCommand.OwnerAddress;
import dev.tern.rescale.control.TaskCommand.PrepareOwner;
import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Move;
import dev.tern.rescale.transfer.TransferService;
import dev.tern.streaming.state.DetachedUnit;
import dev.tern.streaming.state.StateSchema;
import dev.tern.streaming.state.TaskKeyedState;
import dev.tern.streaming.state.UnitDecoder;

import org.apache.flink.api.common.JobID;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.streaming.runtime.tasks.StreamTask;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.function.ThrowingConsumer;
import org.apache.flink.util.function.ThrowingRunnable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Gets the units of one step that come to one task: by reference from tasks of the same process,
 * over the transfer channel from others.
 *
 * <p>Task mailbox thread; units are decoded on transfer threads.
 */
final class Arrivals {

    private static final long ADOPT_TIMEOUT_SECONDS = 60;

    private final StreamTask<?, ?> task;
    private final TaskKeyedState state;
    private final OldOwners owners;
    private final PrepareOwner prepare;
    private final ThrowingConsumer<DetachedUnit, Exception> install;
    private final Consumer<String> fail;

    private final List<Integer> byReference = new ArrayList<>();
    private long bytesReceived;
    private long longestSuspensionNanos;
    private int openFetches;
    private Runnable afterFetches;

    Arrivals(
            StreamTask<?, ?> task,
            TaskKeyedState state,
            TransferService transfer,
            JobID job,
            long epoch,
            PrepareOwner prepare,
            ThrowingConsumer<DetachedUnit, Exception> install,
            Consumer<String> fail) {
        this.task = task;
        this.state = state;
        this.owners = new OldOwners(transfer, job, epoch, prepare, state.movesByReference());
        this.prepare = prepare;
        this.install = install;
        this.fail = fail;
    }

    /**
     * Makes sure that everybody in another process from whom something comes answers.
     *
     * @param givers their subtask indices
     * @param ready called back in the mailbox with null, or with what is wrong
     */
    void greet(Set<Integer> givers, Map<Integer, OwnerAddress> addresses, Consumer<String> ready) {
        List<OwnerAddress> foreign =
                givers.stream()
                        .map(addresses::get)
                        .filter(owner -> owners.local(owner) == null)
                        .toList();
        if (foreign.isEmpty()) {
            ready.accept(null);
            return;
        }
        owners.greet(foreign)
                .whenComplete(
                        (all, failure) ->
                                inMailbox(
                                        () ->
                                                ready.accept(
                                                        failure == null
                                                                ? null
                                                                : sentence(failure))));
    }

    /** Asks every old owner for what comes here. Its answer waits until the units have left. */
    void request(MigrationStep step, int subtask, Map<Integer, OwnerAddress> addresses) {
        byOwner(step, subtask)
                .forEach(
                        (owner, keyGroups) ->
                                request(step.index(), addresses.get(owner), keyGroups));
    }

    /** The old owners from whom units come here in a step. */
    static Set<Integer> givers(MigrationStep step, int subtask) {
        return byOwner(step, subtask).keySet();
    }

    /** Asks for a copy of broadcast state. The answer waits until it has been made. */
    void requestBroadcast(OwnerAddress giver, ThrowingConsumer<byte[], Exception> arrived) {
        goOn(owners.broadcast(giver), arrived);
    }

    /**
     * Asks an old owner for what it re-routes, batch by batch: for the next one when the one before
     * has been processed.
     */
    void requestLate(
            OwnerAddress giver, int subtask, ThrowingConsumer<byte[], Exception> arrived) {
        goOn(
                owners.late(giver, subtask),
                batch -> {
                    if (batch.length > 0) {
                        bytesReceived += batch.length;
                        arrived.accept(batch);
                        requestLate(giver, subtask, arrived);
                    }
                });
    }

    private static Map<Integer, List<Integer>> byOwner(MigrationStep step, int subtask) {
        Map<Integer, List<Integer>> byOwner = new TreeMap<>();
        for (Move move : step.moves()) {
            if (move.to() == subtask) {
                byOwner.computeIfAbsent(move.from(), ignored -> new ArrayList<>())
                        .add(move.keyGroup());
            }
        }
        return byOwner;
    }

    private void request(int step, OwnerAddress owner, List<Integer> keyGroups) {
        Departures local = owners.local(owner);
        if (local != null) {
            takeByReference(step, local, keyGroups);
        } else {
            fetch(step, owner, keyGroups);
        }
    }

    private void takeByReference(int step, Departures local, List<Integer> keyGroups) {
        local.schema(step)
                .whenComplete(
                        (schema, failure) -> {
                            if (failure != null) {
                                inMailbox(() -> fail.accept(sentence(failure)));
                                return;
                            }
                            inMailbox(() -> state.adopt(schema));
                            for (int keyGroup : keyGroups) {
                                goOn(local.take(keyGroup), this::arriveByReference);
                            }
                        });
    }

    private void arriveByReference(DetachedUnit unit) throws Exception {
        byReference.add(unit.keyGroup());
        install.accept(unit);
    }

    private void fetch(int step, OwnerAddress owner, List<Integer> keyGroups) {
        int schema = Departures.schemaUnit(prepare.before().keyGroups(), step);
        List<Integer> wanted = new ArrayList<>();
        wanted.add(schema);
        wanted.addAll(keyGroups);
        CompletableFuture<UnitDecoder> decoder = new CompletableFuture<>();
        openFetches++;
        owners.fetch(
                        owner,
                        wanted,
                        (unit, in) -> {
                            if (unit == schema) {
                                adopt(StateSchema.read(in), decoder);
                            } else {
                                arrive(unit, in, decoder);
                            }
                        })
                .whenComplete(
                        (stats, failure) ->
                                inMailbox(
                                        () -> {
                                            openFetches--;
                                            if (failure != null) {
                                                fail.accept(sentence(failure));
                                                return;
                                            }
                                            bytesReceived += stats.bytes();
                                            if (openFetches == 0 && afterFetches != null) {
                                                afterFetches.run();
                                            }
                                        }));
    }

    private void adopt(StateSchema schema, CompletableFuture<UnitDecoder> decoder) {
        inMailbox(
                () -> {
                    try {
                        state.adopt(schema);
                        decoder.complete(state.decoder(schema));
                    } catch (IOException e) {
                        decoder.completeExceptionally(e);
                    }
                });
    }

    /** On a transfer thread: all the work that does not need the mailbox is done here. */
    private void arrive(int keyGroup, DataInputView in, CompletableFuture<UnitDecoder> decoder)
            throws IOException {
        DetachedUnit unit;
        try {
            unit = decoder.get(ADOPT_TIMEOUT_SECONDS, TimeUnit.SECONDS).read(keyGroup, in);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for the task", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("The states of the old owner could not be registered", e);
        }
        inMailbox(() -> install.accept(unit));
    }

    /** The records of a unit waited this long. */
    void suspended(long nanos) {
        longestSuspensionNanos = Math.max(longestSuspensionNanos, nanos);
    }

    /** Runs once all bytes have been counted. */
    void whenCounted(Runnable action) {
        if (openFetches == 0) {
            action.run();
        } else {
            afterFetches = action;
        }
    }

    TaskReply report(SetAsideRecords setAside, long reRoutedRecords) {
        return new TaskReply.StepDone(
                bytesReceived,
                byReference,
                longestSuspensionNanos,
                setAside.peakBytes(),
                setAside.takeSpilledBytes(),
                reRoutedRecords);
    }

    /** Goes on in the mailbox with what has come, or says there why it has not. */
    private <T> void goOn(
            CompletableFuture<T> coming, ThrowingConsumer<T, Exception> arrived) {
        coming.whenComplete(
                (came, failure) ->
                        inMailbox(
                                () -> {
                                    if (failure != null) {
                                        fail.accept(sentence(failure));
                                    } else {
                                        arrived.accept(came);
                                    }
                                }));
    }

    private void inMailbox(ThrowingRunnable<Exception> action) {
        try {
            task.mainMailboxExecutor.execute(action, "arriving units");
        } catch (RejectedExecutionException e) {
            // The task is closing; what arrives for it is of no use any more.
        }
    }

    private static String sentence(Throwable failure) {
        Throwable bare = ExceptionUtils.stripCompletionException(failure);
        return bare.getMessage() == null ? bare.toString() : bare.getMessage();
    }
}
