package dev.tern.examples.measure;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The figures of one rescale that follow from the arrival log; names and units are those of
 * summary.json. Times are milliseconds, lostService is record-seconds, minThroughput a ratio.
 *
 * @param recovered from the trigger until calm for 10 s; -1 if not within the horizon
 * @param firstRelief from the trigger to the first output of a new subtask; -1 if there is none
 */
public record RunFigures(
        double baseP50,
        double baseP99,
        double baseP999,
        double baseMax,
        double p50,
        double p99,
        double p999,
        double peak,
        double gap,
        double lostService,
        double minThroughput,
        double recovered,
        double firstRelief,
        Delivery delivery) {

    /**
     * @param run the analysed run
     * @param base the undisturbed span before the trigger
     * @param horizon the span that starts at the trigger
     * @param subtasksBefore parallelism of the keyed vertex before the trigger
     */
    public static RunFigures of(RunAnalysis run, Span base, Span horizon, int subtasksBefore) {
        LatencyFigures before = run.latency(base);
        LatencyFigures after = run.latency(horizon);
        return new RunFigures(
                before.p50(),
                before.p99(),
                before.p999(),
                before.max(),
                after.p50(),
                after.p99(),
                after.p999(),
                after.max(),
                run.gapMillis(horizon),
                run.lostService(base, horizon),
                run.minThroughput(horizon),
                run.recoveredMillis(base, horizon),
                run.firstReliefMillis(horizon.fromMicros(), subtasksBefore),
                run.delivery());
    }

    /** The figures by name, in the order of summary.json. */
    public Map<String, Number> fields() {
        Map<String, Number> fields = new LinkedHashMap<>();
        fields.put("baseP50", baseP50);
        fields.put("baseP99", baseP99);
        fields.put("baseP999", baseP999);
        fields.put("baseMax", baseMax);
        fields.put("p50", p50);
        fields.put("p99", p99);
        fields.put("p999", p999);
        fields.put("peak", peak);
        fields.put("gap", gap);
        fields.put("lostService", lostService);
        fields.put("minThroughput", minThroughput);
        fields.put("recovered", recovered);
        fields.put("firstRelief", firstRelief);
        fields.putAll(delivery.fields());
        return fields;
    }
}
