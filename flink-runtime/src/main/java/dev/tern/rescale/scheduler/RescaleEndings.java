package dev.tern.rescale.scheduler;

import dev.tern.rescale.coordinate.CheckpointGate;
import dev.tern.rescale.coordinate.Outcome;
import dev.tern.rescale.coordinate.RescaleLedger;
import dev.tern.rescale.coordinate.VertexTarget;
import dev.tern.rescale.request.ParallelismChange;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.request.RescaleTrigger;

import org.apache.flink.runtime.executiongraph.ExecutionGraph;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.scheduler.adaptive.Restarting;
import org.apache.flink.runtime.scheduler.adaptive.State;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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
    void ended(String id, Outcome outcome, boolean byManager) {
        Optional<RescaleIntent> asked =
                scheduler.intent().filter(intent -> intent.rescaleId().equals(id));
        if (outcome instanceof Outcome.Completed completed) {
            asked.ifPresent(ignored -> scheduler.intentIsOver());
            completed(id, completed, byManager);
        } else if (outcome instanceof Outcome.Aborted aborted) {
            openGate();
            ledger.aborted(id, aborted.cause().getMessage());
            takeBack(id, asked, byManager);
            asked.ifPresent(ignored -> scheduler.intentIsOver());
            scheduler.context().slots().releaseExcess();
            manager.resume();
        } else if (outcome instanceof Outcome.Stopped stopped) {
            stopped(id, stopped, asked, byManager);
        } else if (outcome instanceof Outcome.NotLive notLive) {
            notLive(id, asked, byManager, notLive.reason());
        } else if (outcome instanceof Outcome.Broken broken) {
            ledger.failed(id, broken.cause().getMessage());
            if (!broken.afterMigration()) {
                takeBack(id, asked, byManager);
            }
            asked.ifPresent(ignored -> scheduler.intentIsOver());
            scheduler.handleGlobalFailure(broken.cause().forFlink());
        }
    }

    /** The wanted parallelism becomes that at which the vertices have stopped. */
    private void stopped(
            String id,
            Outcome.Stopped stopped,
            Optional<RescaleIntent> asked,
            boolean byManager) {
        runner.committed(stopped.ownership());
        openGate();
        ledger.aborted(id, stopped.reason());
        if (!byManager) {
            List<RescaleIntent.Wish> unmet = new ArrayList<>(wishesOf(id, asked));
            unmet.removeIf(wish -> wish.to() == graph.getJobVertex(wish.vertex()).getParallelism());
            scheduler.takeBack(unmet);
        }
        asked.ifPresent(ignored -> scheduler.intentIsOver());
        manager.restart();
    }

    private void completed(String id, Outcome.Completed completed, boolean byManager) {
        // Before the gate opens: what is parked behind it must know the new owners.
        runner.committed(completed.ownership());
        openGate();
        ledger.completed(id);
        recordOf(id).changes().forEach(scheduler::reached);
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
        List<VertexTarget> others = changes.of(byManager ? changes.available() : changes.wanted());
        others.removeIf(
                target -> recordOf(id).concerns(target.vertex().getJobVertexId().toHexString()));
        if (asked.isEmpty()) {
            restartInstead(
                    others,
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
            scheduler.takeBack(wishesOf(id, asked));
        }
    }

    private List<RescaleIntent.Wish> wishesOf(String id, Optional<RescaleIntent> asked) {
        return asked.map(RescaleIntent::wishes)
                .orElseGet(
                        () ->
                                recordOf(id).changes().stream()
                                        .map(
                                                change ->
                                                        new RescaleIntent.Wish(
                                                                JobVertexID.fromHexString(
                                                                        change.vertexId()),
                                                                change.to(),
                                                                change.from()))
                                        .toList());
    }

    /** The change cannot be done live: the stock way if that is allowed, else a refusal. */
    void giveUp(List<VertexTarget> changed, String reason) {
        RescaleIntent intent = scheduler.intent().orElse(null);
        if (intent != null && !intent.mayRestart()) {
            abortWaiting(intent, reason);
            return;
        }
        if (intent != null) {
            ledger.restarting(intent.rescaleId(), reason);
            scheduler.restartDecided(intent.rescaleId());
        } else {
            restartInstead(changed, RescaleTrigger.UPDATE_REQUIREMENT, reason);
        }
        scheduler.changeIsOver();
        stockWay.restartWhenStable();
    }

    /** Enters into the history that these vertices change by a restart. */
    void restartInstead(List<VertexTarget> changed, RescaleTrigger trigger, String reason) {
        if (!changed.isEmpty()) {
            String id = runner.record(changed, trigger);
            ledger.restarting(id, reason);
            scheduler.restartDecided(id);
        }
    }

    /** A rescale is given up that has not begun. */
    void abortWaiting(RescaleIntent intent, String reason) {
        ledger.aborted(intent.rescaleId(), reason);
        scheduler.takeBack(intent.wishes());
        scheduler.intentIsWithdrawn();
        manager.resume();
    }

    /** A user has stopped a change: nothing else of it is wanted either. */
    void nothingMoreIsWanted() {
        if (scheduler.requestedChange().isPresent()) {
            scheduler.takeBack(
                    changes.of(changes.wanted()).stream()
                            .map(
                                    target ->
                                            new RescaleIntent.Wish(
                                                    target.vertex().getJobVertexId(),
                                                    target.to(),
                                                    target.vertex().getParallelism()))
                            .toList());
            scheduler.changeIsOver();
        }
    }

    /** Restarts that rescales became are over once the job runs again. */
    void closeRestartRecords() {
        for (String id : scheduler.takeRestartsDecided()) {
            if (!ledger.isInProgress(id)) {
                continue;
            }
            List<ParallelismChange> missed =
                    recordOf(id).changes().stream()
                            .filter(change -> presentOf(change) != change.to())
                            .toList();
            if (missed.isEmpty()) {
                ledger.completed(id);
            } else {
                ledger.ignored(id, cameBack(missed));
            }
        }
    }

    private int presentOf(ParallelismChange change) {
        return graph.getJobVertex(JobVertexID.fromHexString(change.vertexId())).getParallelism();
    }

    private String cameBack(List<ParallelismChange> missed) {
        return missed.stream()
                .map(
                        change ->
                                String.format(
                                        "The job came back with %d subtasks of \"%s\".",
                                        presentOf(change), change.vertexName()))
                .collect(Collectors.joining(" "));
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
