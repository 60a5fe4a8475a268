package dev.tern.experiments.report;

import dev.tern.experiments.measure.Floors;
import dev.tern.experiments.options.ExperimentPlan;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

/** Writes {@code summary.json}: the plan, one flat object per run, and the goals. */
public final class SummaryJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private SummaryJson() {}

    /** The whole document. */
    public static String of(ExperimentPlan plan, List<RunResult> runs, List<GoalResult> goals) {
        ObjectNode document = JSON.createObjectNode();
        document.set("experiment", experiment(plan));
        ArrayNode runNodes = document.putArray("runs");
        runs.forEach(run -> runNodes.add(run(plan, run)));
        ArrayNode goalNodes = document.putArray("goals");
        goals.forEach(goal -> goalNodes.add(goal(goal)));
        return pretty(document);
    }

    /** A JSON document for people to read. */
    public static String pretty(ObjectNode document) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A JSON tree could not be written.", impossible);
        }
    }

    private static ObjectNode experiment(ExperimentPlan plan) {
        ObjectNode node = JSON.createObjectNode();
        node.put("workload", plan.workload());
        ArrayNode engines = node.putArray("engines");
        plan.engines().forEach(engine -> engines.add(engine.label()));
        node.put("pairs", plan.pairs());
        node.put("keys", plan.keys());
        node.put("valueBytes", ExperimentPlan.VALUE_BYTES);
        node.put("maxParallelism", ExperimentPlan.MAX_PARALLELISM);
        node.put("placement", plan.placement());
        node.put("warmupSeconds", plan.warmup().toSeconds());
        node.put("baseSeconds", plan.base().toSeconds());
        node.put("horizonSeconds", plan.horizon().toSeconds());
        node.put("checkpointIntervalMillis", plan.checkpointInterval().toMillis());
        ObjectNode flinkOptions = node.putObject("flinkOptions");
        plan.flinkOptions().forEach(flinkOptions::put);
        node.put("cores", Runtime.getRuntime().availableProcessors());
        node.put("java", Runtime.version().toString());
        node.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        return node;
    }

    private static ObjectNode run(ExperimentPlan plan, RunResult run) {
        ObjectNode node = JSON.createObjectNode();
        node.put("engine", run.spec().engine().label());
        node.put("strategy", run.strategy());
        node.put("backend", plan.backend());
        node.put("workload", plan.workload());
        node.put("from", plan.from());
        node.put("to", plan.to());
        node.put("stateBytes", plan.stateBytes());
        node.put("rate", plan.rate());
        node.put("seed", run.spec().seed());
        node.put("pair", run.spec().pair());
        node.put("order", run.spec().order());
        latency(node, run);
        rescale(node, run.rescale());
        node.put("mode", run.rescale().claimedMode());
        node.put("provenMode", run.proof().mode().name());
        ArrayNode evidence = node.putArray("evidenceAgainstLive");
        run.proof().evidence().forEach(evidence::add);
        node.put("records", run.oracle().records());
        node.put("lost", run.oracle().lost());
        node.put("duplicated", run.oracle().duplicated());
        node.put("outOfOrder", run.oracle().outOfOrder());
        node.put("wrongCounts", run.oracle().wrongCounts());
        number(node, "jitterMax", run.machine().jitterMaxMillis());
        number(node, "cpuShare", run.machine().cpuShare());
        node.set("floorsBefore", floors(run.machine().before()));
        node.set("floorsAfter", floors(run.machine().after()));
        return node;
    }

    private static void latency(ObjectNode node, RunResult run) {
        number(node, "baseP50", run.base().p50());
        number(node, "baseP99", run.base().p99());
        number(node, "baseP999", run.base().p999());
        number(node, "baseMax", run.base().max());
        RunResult.Horizon horizon = run.horizon();
        number(node, "peak", horizon.latency().max());
        number(node, "p99", horizon.latency().p99());
        number(node, "p999", horizon.latency().p999());
        number(node, "gap", horizon.gapMillis());
        number(node, "lostService", horizon.lostServiceRecordSeconds());
        number(node, "minThroughput", horizon.minThroughput());
        number(node, "recovered", horizon.recoveredMillis());
        number(node, "firstRelief", horizon.firstReliefMillis());
    }

    private static void rescale(ObjectNode node, RunResult.Rescale rescale) {
        number(node, "rescaleDuration", rescale.durationMillis());
        count(node, "keyGroupsMoved", rescale.keyGroupsMoved());
        count(node, "bytesMoved", rescale.bytesMoved());
        count(node, "bytesMinimal", rescale.bytesMinimal());
        count(node, "suspendedPeakBytes", rescale.suspendedPeakBytes());
        number(node, "longestSuspension", rescale.longestSuspensionMillis());
        number(node, "checkpointDuration", rescale.checkpointMillis());
        node.put("numRestarts", rescale.numRestarts());
    }

    private static ObjectNode goal(GoalResult goal) {
        ObjectNode node = JSON.createObjectNode();
        node.put("strategy", goal.strategy());
        node.put("name", goal.name());
        node.put("goal", goal.goal());
        node.put("measured", goal.measured());
        node.put("met", goal.met());
        if (goal.ratio() != null) {
            number(node, "ratio", goal.ratio().median());
            number(node, "ratioLow", goal.ratio().low());
            number(node, "ratioHigh", goal.ratio().high());
            node.put("pairs", goal.ratio().pairs());
        }
        return node;
    }

    private static ObjectNode floors(Floors floors) {
        ObjectNode node = JSON.createObjectNode();
        number(node, "memcpyBytesPerSecond", floors.memcpyBytesPerSecond());
        number(node, "loopbackBytesPerSecond", floors.loopbackBytesPerSecond());
        number(node, "handOffMicros", floors.handOffMicros());
        return node;
    }

    /** What was not measured is null, never a number. */
    private static void number(ObjectNode node, String field, double value) {
        if (Double.isFinite(value)) {
            node.put(field, Math.round(value * 1e4) / 1e4);
        } else {
            node.putNull(field);
        }
    }

    private static void count(ObjectNode node, String field, long value) {
        if (value >= 0) {
            node.put(field, value);
        } else {
            node.putNull(field);
        }
    }
}
