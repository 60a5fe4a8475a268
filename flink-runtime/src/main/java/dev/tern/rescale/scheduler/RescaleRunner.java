package dev.tern.rescale.scheduler;

import dev.tern.rescale.config.RescaleSettings;
import dev.tern.rescale.coordinate.CheckpointGate;
import dev.tern.rescale.coordinate.LiveRescale;
import dev.tern.rescale.coordinate.RescaleException;
import dev.tern.rescale.coordinate.RescaleLedger;
import dev.tern.rescale.coordinate.RescaleScope;
import dev.tern.rescale.coordinate.ResizableGraph;
import dev.tern.rescale.coordinate.Surroundings;
import dev.tern.rescale.coordinate.VertexChange;
import dev.tern.rescale.coordinate.VertexTarget;
import dev.tern.rescale.coordinate.VertexTasks;
import dev.tern.rescale.graph.ExecutionGraphResizer;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.request.ParallelismChange;
import dev.tern.rescale.request.RescaleControl;
import dev.tern.rescale.request.RescaleMode;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleTrigger;
import dev.tern.rescale.request.Resolution;

import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.concurrent.ComponentMainThreadExecutor;
import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.jobgraph.JobType;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.jobgraph.jsonplan.JsonPlanGenerator;
import org.apache.flink.runtime.scheduler.adaptive.allocator.VertexParallelism;
import org.apache.flink.runtime.scheduler.strategy.ExecutionVertexID;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Prepares the rescales of one execution graph and enters their results into it. */
final class RescaleRunner {

    private static final Duration POLL = Duration.ofMillis(2);

    private final LiveAdaptiveScheduler scheduler;
    private final RescaleContext context;
    private final DefaultExecutionGraph graph;
    private final GraphMemory memory;
    private final CheckpointGate gate;
    private final BooleanSupplier left;

    RescaleRunner(
            LiveAdaptiveScheduler scheduler,
            DefaultExecutionGraph graph,
            GraphMemory memory,
            CheckpointGate gate,
            BooleanSupplier left) {
        this.scheduler = scheduler;
        this.context = scheduler.context();
        this.graph = graph;
        this.memory = memory;
        this.gate = gate;
        this.left = left;
    }

    /** A rescale of the vertices with the wishes of the intent, or else the defaults. */
    LiveRescale create(List<VertexTarget> targets, RescaleTrigger trigger) {
        RescaleIntent intent = intentFor(targets);
        String id = intent == null ? record(targets, trigger) : intent.rescaleId();
        RescaleRecord record = context.ledger().find(id).orElseThrow();
        Surroundings surroundings = new MainThread();
        RescaleScope scope =
                new RescaleScope(
                        id,
                        scheduler.nextEpoch(),
                        targets.stream().map(target -> change(target, record.placement())).toList(),
                        context.settings(),
                        scheduler.tasks(),
                        context.ledger(),
                        surroundings);
        ExecutionGraphResizer resizer =
                new ExecutionGraphResizer(
                        graph, context.rpcTimeout(), context.executionHistorySize());
        return new LiveRescale(
                scope,
                context.strategies().choose(record.strategy(), record.options()),
                new ResizableGraph(resizer, gate, surroundings),
                context.slots(),
                gate);
    }

    private VertexChange change(VertexTarget target, String placement) {
        VertexTasks tasks = new VertexTasks(graph, target.vertex());
        // Subtasks that the graph was built with must not meet their own ids again.
        tasks.subtasks()
                .forEach(
                        subtask ->
                                memory.used(
                                        subtask.getID(),
                                        subtask.getCurrentExecutionAttempt().getAttemptNumber()));
        Ownership before = memory.ownershipOf(target.vertex());
        Ownership after =
                tasks.isKeyed()
                        ? context.strategies().placement(placement).place(before, target.to())
                        : Ownership.contiguous(before.keyGroups(), target.to());
        return new VertexChange(tasks, before, after);
    }

    /** Enters a rescale that nobody gave an id to into the history. */
    String record(List<VertexTarget> targets, RescaleTrigger trigger) {
        RescaleSettings settings = context.settings();
        RescaleLedger ledger = context.ledger();
        RescaleRecord record =
                RescaleRecord.requested(
                        RescaleControl.newRescaleId(),
                        new Resolution.Resolved(
                                targets.stream().map(RescaleRunner::changeOf).toList(),
                                settings.defaults().strategy().orElseThrow(),
                                Map.of(),
                                settings.defaults().placement().orElseThrow(),
                                RescaleMode.LIVE,
                                ""),
                        trigger,
                        reasonOf(trigger),
                        ledger.nowMillis());
        ledger.requested(record);
        return record.rescaleId();
    }

    private static ParallelismChange changeOf(VertexTarget target) {
        ExecutionJobVertex vertex = target.vertex();
        return new ParallelismChange(
                vertex.getJobVertexId().toHexString(),
                vertex.getName(),
                vertex.getParallelism(),
                target.to());
    }

    private static String reasonOf(RescaleTrigger trigger) {
        return switch (trigger) {
            case UPDATE_REQUIREMENT ->
                    "Asked for by PUT /jobs/:jobid/resource-requirements.";
            case NEW_RESOURCE_AVAILABLE ->
                    "Slots came or went, and the resource requirements allow this parallelism.";
            case RECOVERABLE_FAILOVER -> "The job came back from a failure.";
        };
    }

    /** The new ownership counts: tell everyone who looks at the graph. */
    void committed(Map<ExecutionJobVertex, Ownership> ownership) {
        ownership.forEach(
                (vertex, owners) -> memory.ownershipChanged(vertex.getJobVertexId(), owners));
        tellGate(ownership);
        context.slots().releaseExcess();
        // The Kubernetes autoscaler takes the newest status time stamp as the time of the last
        // change and the parallelism from the JSON plan.
        graph.stateTimestamps[JobStatus.RUNNING.ordinal()] = System.currentTimeMillis();
        Map<JobVertexID, Integer> parallelism = new HashMap<>();
        List<JobVertex> vertices = new ArrayList<>();
        for (ExecutionJobVertex each : graph.getVerticesTopologically()) {
            parallelism.put(each.getJobVertexId(), each.getParallelism());
            vertices.add(each.getJobVertex());
        }
        graph.setPlan(
                JsonPlanGenerator.generatePlan(
                        graph.getJobID(),
                        graph.getJobName(),
                        JobType.STREAMING,
                        vertices,
                        new VertexParallelism(parallelism)));
    }

    private void tellGate(Map<ExecutionJobVertex, Ownership> changed) {
        if (gate == null) {
            return;
        }
        Map<OperatorID, int[]> owners = new HashMap<>();
        for (ExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            Ownership present =
                    changed.containsKey(vertex)
                            ? changed.get(vertex)
                            : memory.ownershipOf(vertex);
            if (!present.isContiguous()) {
                owners.putAll(VertexTasks.ownersOf(vertex, present));
            }
        }
        gate.ownersAre(owners);
    }

    private RescaleIntent intentFor(List<VertexTarget> targets) {
        Map<JobVertexID, Integer> wanted = new HashMap<>();
        targets.forEach(target -> wanted.put(target.vertex().getJobVertexId(), target.to()));
        return scheduler.intent().filter(i -> i.wanted().equals(wanted)).orElse(null);
    }

    /** The JobMaster main thread as a rescale sees it. */
    private final class MainThread implements Surroundings {

        private final ComponentMainThreadExecutor executor = scheduler.getMainThreadExecutor();

        @Override
        public void requireAlive() {
            if (left.getAsBoolean()) {
                throw new RescaleException("The job is not running any more");
            }
        }

        @Override
        public Executor mainThread() {
            return executor;
        }

        @Override
        public CompletableFuture<Void> when(
                Supplier<Boolean> condition, Duration timeout, String what) {
            CompletableFuture<Void> met = new CompletableFuture<>();
            poll(condition, System.nanoTime() + timeout.toNanos(), timeout, what, met);
            return met;
        }

        private void poll(
                Supplier<Boolean> condition,
                long deadlineNanos,
                Duration timeout,
                String what,
                CompletableFuture<Void> met) {
            try {
                requireAlive();
                if (condition.get()) {
                    met.complete(null);
                } else if (System.nanoTime() > deadlineNanos) {
                    throw new RescaleException(
                            "Waited " + timeout.toMillis() + " ms in vain for " + what);
                } else {
                    executor.schedule(
                            () -> poll(condition, deadlineNanos, timeout, what, met),
                            POLL.toMillis(),
                            TimeUnit.MILLISECONDS);
                }
            } catch (RuntimeException e) {
                met.completeExceptionally(e);
            }
        }

        @Override
        public Ownership ownershipOf(ExecutionJobVertex vertex) {
            return memory.ownershipOf(vertex);
        }

        @Override
        public void ownershipIs(Map<ExecutionJobVertex, Ownership> ownership) {
            tellGate(ownership);
        }

        @Override
        public int nextAttempt(ExecutionVertexID subtask) {
            return memory.nextAttempt(subtask);
        }
    }
}
