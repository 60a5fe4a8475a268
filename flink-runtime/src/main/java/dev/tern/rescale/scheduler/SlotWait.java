package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.JobSlots;

import org.apache.flink.runtime.executiongraph.ExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.scheduler.adaptive.State;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;

/** The wait of a rescale that somebody asked for until slots are there; it has an end. */
final class SlotWait {

    private final LiveAdaptiveScheduler scheduler;
    private final State state;
    private final ExecutionGraph graph;
    private ScheduledFuture<?> deadline;

    SlotWait(LiveAdaptiveScheduler scheduler, State state, ExecutionGraph graph) {
        this.scheduler = scheduler;
        this.state = state;
        this.graph = graph;
    }

    boolean slotsAreThere(ExecutionJobVertex vertex, int to) {
        return to <= vertex.getParallelism()
                || scheduler.context().slots().plan(graph, vertex, to).isPresent();
    }

    /** Starts the wait, or goes on with it. */
    void begin(RescaleIntent intent, Runnable expired) {
        if (deadline == null) {
            Duration rest = Duration.ofNanos(intent.deadlineNanos() - System.nanoTime());
            deadline =
                    scheduler.runIfState(
                            state,
                            () -> {
                                deadline = null;
                                expired.run();
                            },
                            rest.isNegative() ? Duration.ZERO : rest);
        }
    }

    void cancel() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    /** Why a rescale is given up for want of slots. */
    String reason(ExecutionJobVertex vertex, int to) {
        JobSlots slots = scheduler.context().slots();
        return String.format(
                "%s needs %d further slot(s) for %d subtasks, and %d came within %d ms"
                        + " (rescale.slot-timeout). Start TaskManagers or ask for less.",
                vertex.getName(),
                slots.further(graph, vertex, to),
                to,
                slots.free(),
                scheduler.context().settings().slotTimeout().toMillis());
    }
}
