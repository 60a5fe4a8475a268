package dev.tern.experiments.report;

import java.util.List;
import java.util.Locale;

/** Writes latency over time as comma-separated values, one row per run and interval. */
public final class LatencyCsv {

    private static final String HEADER = "arm,pair,offset_ms,p50_ms,p99_ms,max_ms,records\n";

    private LatencyCsv() {}

    /** All intervals of all runs. */
    public static String of(List<RunResult> runs) {
        StringBuilder csv = new StringBuilder(HEADER);
        for (RunResult run : runs) {
            for (LatencyBucket bucket : run.series()) {
                csv.append(run.spec().arm().label())
                        .append(',')
                        .append(run.spec().pair())
                        .append(',')
                        .append(row(bucket));
            }
        }
        return csv.toString();
    }

    private static String row(LatencyBucket bucket) {
        return String.format(
                Locale.ROOT,
                "%d,%.3f,%.3f,%.3f,%d%n",
                bucket.offsetMillis(),
                bucket.p50Millis(),
                bucket.p99Millis(),
                bucket.maxMillis(),
                bucket.records());
    }
}
