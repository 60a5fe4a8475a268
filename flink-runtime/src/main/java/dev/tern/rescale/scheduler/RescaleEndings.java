package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.CheckpointGate;
import dev.tern.rescale.coordinate.Inspection;
import dev.tern.rescale.coordinate.Outcome;
import dev.tern.rescale.coordinate.RescaleLedger;
import dev.tern.rescale.coordinate.VertexTasks;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.request.RescaleTrigger;

import org.apache.flink.runtime.executiongraph.ExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.scheduler.adaptive.Restarting;
import org.apache.flink.runtime.scheduler.adaptive.State;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What follows when a rescale ends, or cannot begin. JobMaster main thread. */
final class RescaleEndings {

    private final LiveAdaptiveScheduler scheduler;
    private final ExecutionGraph graph;
    private final RescaleLedger ledger;
    private final RestartableTransitionManager manager;
    private final CheckpointGate gate;
    private final RescaleRunner runner;
    private final ParallelismChanges changes;
    private final StockWay stockWay;

    /**
     * @param gate null when the job takes no checkpoints
     */
    RescaleEndings(
            LiveAdaptiveScheduler scheduler,
            ExecutionGraph graph,
            RestartableTransitionManager manager,
            CheckpointGate gate,
            RescaleRunner runner,
            ParallelismChanges changes,
            StockWay stockWay) {
        this.scheduler = scheduler;
        this.graph = graph;
        this.ledger = scheduler.context().ledger();
        this.manager = manager;
        this.gate = gate;
        this.runner = runner;
        this.changes = changes;
        this.stockWay = stockWay;
    }

    /**
     * A rescale has run to its end.
     *
     * @param byManager whether Flink's state transition manager had decided on it
     */
    void ended(VertexTasks vertex, String id, Outcome outcome, boolean byManager) {
        Optional<RescaleIntent> asked =
                scheduler.intent().filter(intent -> intent.rescaleId().equals(id));
        if (outcome instanceof Outcome.Completed completed) {
            asked.ifPresent(ignored -> scheduler.intentIsOver());
            completed(vertex, id, completed, byManager);
        } else if (outcome instanceof Outcome.Aborted aborted) {
            openGate();
            ledger.aborted(id, aborted.cause().getMessage());
            takeBack(id, asked, byManager);
            asked.ifPresent(ignored -> scheduler.intentIsOver());
            scheduler.context().slots().releaseExcess();
            manager.resume();
        } else if (outcome instanceof Outcome.Stopped stopped) {
            stopped(vertex, id, stopped, asked, byManager);
        } else if (outcome instanceof Outcome.NotLive notLive) {
            String name = vertex.jobVertex().getName();
            notLive(id, asked, byManager, Inspection.reason(name, notLive.obstacles()));
        } else if (outcome instanceof Outcome.Broken broken) {
            ledger.failed(id, broken.cause().getMessage());
            if (!broken.afterMigration()) {
                takeBack(id, asked, byManager);
            }
            asked.ifPresent(ignored -> scheduler.intentIsOver());
            scheduler.handleGlobalFailure(broken.cause().forFlink());
        }
    }

    /** The wanted parallelism becomes that at which the vertex has stopped. */
    private void stopped(
            VertexTasks vertex,
            String id,
            Outcome.Stopped stopped,
            Optional<RescaleIntent> asked,
            boolean byManager) {
        runner.committed(vertex, stopped.ownership());
        openGate();
        ledger.aborted(id, stopped.reason());
        if (recordOf(id).to() != vertex.parallelism()) {
            takeBack(id, asked, byManager);
        }
        asked.ifPresent(ignored -> scheduler.intentIsOver());
        manager.restart();
    }

    private void completed(
            VertexTasks vertex, String id, Outcome.Completed completed, boolean byManager) {
        // Before the gate opens: what is parked behind it must know the new owners.
        runner.committed(vertex, completed.ownership());
        openGate();
        ledger.completed(id);
        scheduler.reached(vertex.jobVertex().getJobVertexId(), vertex.parallelism());
        if (byManager) {
            scheduler.changeIsPartlyDone();
        }
        manager.restart();
    }

    /** The tasks have said that it cannot be done live; nothing has changed. */
    private void notLive(
            String id, Optional<RescaleIntent> asked, boolean byManager, String reason) {
        if (asked.isPresent() && !asked.get().mayRestart()) {
            ledger.aborted(id, reason);
            takeBack(id, asked, byManager);
            scheduler.intentIsOver();
            manager.resume();
            return;
        }
        ledger.restarting(id, reason);
        scheduler.restartDecided(id);
        Map<JobVertexID, Integer> wanted = byManager ? changes.available() : changes.wanted();
        List<ExecutionJobVertex> others = changes.of(wanted);
        others.removeIf(v -> v.getJobVertexId().toHexString().equals(recordOf(id).vertexId()));
        if (asked.isEmpty()) {
            restartInstead(
                    others,
                    wanted,
                    scheduler.requestedChange().orElse(RescaleTrigger.NEW_RESOURCE_AVAILABLE),
                    reason);
        }
        scheduler.changeIsOver();
        if (asked.isPresent() || byManager) {
            stockWay.restartNow();
        } else {
            manager.resume();
            stockWay.restartWhenStable();
        }
    }

    /**
     * A rescale was given up: nothing may act on what was wanted. What only Flink's manager wanted
     * stays; it tries again after its cooldown.
     */
    private void takeBack(String id, Optional<RescaleIntent> asked, boolean byManager) {
        if (!byManager) {
            RescaleRecord record = recordOf(id);
            scheduler.takeBack(
                    JobVertexID.fromHexString(record.vertexId()),
                    record.to(),
                    asked.map(RescaleIntent::upperBoundBefore).orElse(record.from()));
        }
    }

    /** The change cannot be done live: the stock way if that is allowed, else a refusal. */
    void giveUp(
            List<ExecutionJobVertex> changed, Map<JobVertexID, Integer> wanted, String reason) {
        RescaleIntent intent = scheduler.intent().orElse(null);
        if (intent != null && !intent.mayRestart()) {
            abortWaiting(intent, reason);
            return;
        }
        if (intent != null) {
            ledger.restarting(intent.rescaleId(), reason);
            scheduler.restartDecided(intent.rescaleId());
        } else {
            restartInstead(changed, wanted, RescaleTrigger.UPDATE_REQUIREMENT, reason);
        }
        scheduler.changeIsOver();
        stockWay.restartWhenStable();
    }

    /** Enters into the history that these vertices change by a restart. */
    void restartInstead(
            List<ExecutionJobVertex> changed,
            Map<JobVertexID, Integer> wanted,
            RescaleTrigger trigger,
            String reason) {
        for (ExecutionJobVertex vertex : changed) {
            String id = runner.record(vertex, wanted.get(vertex.getJobVertexId()), trigger);
            ledger.restarting(id, reason);
            scheduler.restartDecided(id);
        }
    }

    /** A rescale is given up that has not begun. */
    void abortWaiting(RescaleIntent intent, String reason) {
        ledger.aborted(intent.rescaleId(), reason);
        scheduler.takeBack(intent.vertex(), intent.to(), intent.upperBoundBefore());
        scheduler.intentIsWithdrawn();
        manager.resume();
    }

    /** A user has stopped a change: nothing else of it is wanted either. */
    void nothingMoreIsWanted() {
        if (scheduler.requestedChange().isPresent()) {
            Map<JobVertexID, Integer> wanted = changes.wanted();
            for (ExecutionJobVertex vertex : changes.of(wanted)) {
                scheduler.takeBack(
                        vertex.getJobVertexId(),
                        wanted.get(vertex.getJobVertexId()),
                        vertex.getParallelism());
            }
            scheduler.changeIsOver();
        }
    }

    /** Restarts that rescales became are over once the job runs again. */
    void closeRestartRecords() {
        for (String id : scheduler.takeRestartsDecided()) {
            if (!ledger.isInProgress(id)) {
                continue;
            }
            RescaleRecord record = recordOf(id);
            int present =
                    graph.getJobVertex(JobVertexID.fromHexString(record.vertexId()))
                            .getParallelism();
            if (present == record.to()) {
                ledger.completed(id);
            } else {
                ledger.ignored(id, "The job came back at parallelism " + present + ".");
            }
        }
    }

    /** A failure came between request and rescale: the job came back as it was wanted. */
    void closeOvertakenIntent(RescaleIntent intent) {
        ledger.restarting(
                intent.rescaleId(), "The job was restarted before the rescale could begin.");
        ledger.completed(intent.rescaleId());
        scheduler.intentIsOver();
    }

    /** The job leaves the state in which rescales can run. */
    void endedByJob(String id, Class<? extends State> next) {
        if (!ledger.isInProgress(id)) {
            return;
        }
        RescaleRecord record = recordOf(id);
        String why =
                String.format(
                        "The job went to %s while the rescale was in %s.",
                        next.getSimpleName(), record.state());
        if (next == Restarting.class && record.state().compareTo(RescaleState.MIGRATE) >= 0) {
            ledger.failed(id, why);
        } else {
            ledger.ignored(id, why);
        }
    }

    /** How a rescale stands. */
    RescaleRecord recordOf(String id) {
        return ledger.find(id).orElseThrow();
    }

    private void openGate() {
        if (gate != null) {
            gate.open();
        }
    }
}
