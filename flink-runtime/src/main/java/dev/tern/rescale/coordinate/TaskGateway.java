package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.CommandEvent;
import dev.tern.rescale.control.ReplyEvent;
import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.control.TaskReply;
import dev.tern.rescale.request.RescaleControl;

import org.apache.flink.runtime.executiongraph.Execution;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.operators.coordination.OperatorEvent;
import org.apache.flink.util.FlinkException;
import org.apache.flink.util.SerializedValue;
import org.apache.flink.util.concurrent.FutureUtils;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends commands to running tasks and matches their replies.
 *
 * <p>JobMaster main thread; returned futures may complete on other threads when they time out.
 */
public final class TaskGateway {

    private record Pending(
            ExecutionAttemptID attempt, long epoch, CompletableFuture<TaskReply> reply) {}

    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private long nextRequestId = 1;

    /**
     * Sends one command.
     *
     * @return the reply, {@link TaskReply.Finished} when the task has come to its natural end
     *     instead; fails with {@link RescaleException} when it refuses, is not running or does not
     *     answer in time
     */
    public CompletableFuture<TaskReply> send(
            ExecutionVertex subtask, long epoch, TaskCommand command, Duration timeout) {
        Execution execution = subtask.getCurrentExecutionAttempt();
        String task = subtask.getTaskNameWithSubtaskIndex();
        String what = command.getClass().getSimpleName();
        long id = nextRequestId++;
        CompletableFuture<TaskReply> reply = new CompletableFuture<>();
        pending.put(id, new Pending(execution.getAttemptId(), epoch, reply));
        try {
            OperatorEvent event = new CommandEvent(id, epoch, command);
            execution
                    .sendOperatorEvent(RescaleControl.OPERATOR_ID, new SerializedValue<>(event))
                    .whenComplete(
                            (ack, failure) -> {
                                if (failure != null) {
                                    unreachable(execution, reply, what, failure);
                                }
                            });
        } catch (IOException e) {
            reply.completeExceptionally(new RescaleException("Cannot serialize " + what, e));
        }
        reply.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return reply.handle(
                (value, failure) -> {
                    pending.remove(id);
                    if (failure instanceof java.util.concurrent.TimeoutException) {
                        throw new RescaleException(
                                String.format(
                                        "%s did not answer %s within %d ms; it may be blocked"
                                                + " in one emit by backpressure",
                                        task, what, timeout.toMillis()));
                    }
                    if (failure != null) {
                        throw RescaleException.of(failure);
                    }
                    if (value instanceof TaskReply.Failed failed) {
                        throw new RescaleException(
                                task + " refused " + what + ": " + failed.problem());
                    }
                    return value;
                });
    }

    /**
     * Sends one command to each subtask.
     *
     * @return all replies in the given order; fails as soon as one does, without those still missing,
     *     and when a task has finished
     */
    public CompletableFuture<List<TaskReply>> sendAll(
            List<ExecutionVertex> subtasks,
            long epoch,
            Function<ExecutionVertex, TaskCommand> command,
            Duration timeout) {
        return sendAllLeft(subtasks, epoch, command, timeout)
                .thenApply(replies -> NaturalEnd.requireNone(
                                        replies, i -> subtasks.get(i).getTaskNameWithSubtaskIndex()));
    }

    /** Like {@link #sendAll}, but finds nothing wrong with a task that has finished. */
    CompletableFuture<List<TaskReply>> sendAllLeft(
            List<ExecutionVertex> subtasks,
            long epoch,
            Function<ExecutionVertex, TaskCommand> command,
            Duration timeout) {
        List<CompletableFuture<TaskReply>> replies = new ArrayList<>();
        for (ExecutionVertex subtask : subtasks) {
            replies.add(send(subtask, epoch, command.apply(subtask), timeout));
        }
        return FutureUtils.combineAll(replies).thenApply(List::copyOf);
    }

    /** Where the task only seems to run, {@link #finished} follows. */
    private static void unreachable(
            Execution execution,
            CompletableFuture<TaskReply> reply,
            String what,
            Throwable failure) {
        switch (NaturalEnd.of(execution.getState(), failure)) {
            case FINISHED -> reply.complete(new TaskReply.Finished());
            case ENDING -> {}
            case LOST ->
                    reply.completeExceptionally(
                            new RescaleException(
                                    execution.getVertexWithAttempt()
                                            + " cannot be reached for "
                                            + what,
                                    failure));
        }
    }

    /** A task has come to its natural end; what it has not answered it never will. */
    public void finished(ExecutionAttemptID attempt) {
        pending.values().stream()
                .filter(waiting -> waiting.attempt().equals(attempt))
                .forEach(waiting -> waiting.reply().complete(new TaskReply.Finished()));
    }

    /** A reply arrived from a task; one that nobody waits for any more is dropped. */
    public void onReply(ReplyEvent event) {
        Pending waiting = pending.remove(event.requestId());
        if (waiting != null && waiting.epoch() == event.epoch()) {
            waiting.reply().complete(event.reply());
        }
    }

    /** Nobody will answer any more. */
    public void failAll(String why) {
        List<Pending> all = List.copyOf(pending.values());
        pending.clear();
        all.forEach(p -> p.reply().completeExceptionally(new FlinkException(why)));
    }
}
