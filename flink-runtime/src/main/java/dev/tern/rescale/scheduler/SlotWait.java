package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.JobSlots;
import dev.tern.rescale.coordinate.VertexTarget;

import org.apache.flink.runtime.executiongraph.ExecutionGraph;
import org.apache.flink.runtime.scheduler.adaptive.State;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.stream.Collectors;

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

    /** Whether there are slots for all of these changes. */
    boolean slotsAreThere(List<VertexTarget> targets) {
        return scheduler.context().slots().plan(graph, targets).isPresent();
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
    String reason(List<VertexTarget> targets) {
        JobSlots slots = scheduler.context().slots();
        return String.format(
                "%s needs %d further slot(s) for %s subtasks, and %d came within %d ms"
                        + " (rescale.slot-timeout). Start TaskManagers or ask for less.",
                VertexTarget.names(targets),
                slots.further(graph, targets),
                targets.stream()
                        .map(target -> String.valueOf(target.to()))
                        .distinct()
                        .collect(Collectors.joining(" and ")),
                slots.free(),
                scheduler.context().settings().slotTimeout().toMillis());
    }
}
