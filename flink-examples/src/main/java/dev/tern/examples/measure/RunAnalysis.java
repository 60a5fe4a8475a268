package dev.tern.examples.measure;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;

/**
 * Computes the figures of a run from its arrival log. Immutable; every method is a pure function of
 * the log.
 */
public final class RunAnalysis {

    private static final int SIGNIFICANT_DIGITS = 3;
    private static final long WINDOW_MICROS = 100_000;
    private static final long CALM_MICROS = 10_000_000;
    private static final double RECOVERED_FACTOR = 1.1;

    private final ArrivalLog log;
    private final Delivery delivery;

    /** Due time and latency of each record, in the order of due times. */
    private final long[] scheduled;

    private final long[] latencyMicros;

    /** Times of the first outputs, ascending, with the subtask behind each. */
    private final long[] outputs;

    private final int[] outputSubtasks;

    private RunAnalysis(
            ArrivalLog log,
            Delivery delivery,
            long[] scheduled,
            long[] latencyMicros,
            long[] outputs,
            int[] outputSubtasks) {
        this.log = log;
        this.delivery = delivery;
        this.scheduled = scheduled;
        this.latencyMicros = latencyMicros;
        this.outputs = outputs;
        this.outputSubtasks = outputSubtasks;
    }

    /** An analysis that does not judge losses: for records whose ids have holes. */
    public static RunAnalysis of(ArrivalLog log) {
        return of(log, Outputs.of(log), -1, new long[0]);
    }

    /**
     * An analysis that expects the records 0 to {@code expected - 1}. Those without output count as
     * lost, and as waiting from when they were due until the last output of the run.
     *
     * @param log the arrivals
     * @param schedule when each record was due
     * @param expected number of records the run must have output; for a run that is cancelled,
     *     those due some seconds before ({@link Schedule#dueAt})
     */
    public static RunAnalysis of(ArrivalLog log, Schedule schedule, long expected) {
        if (expected < 0) {
            throw new IllegalArgumentException(
                    "The number of expected records must be 0 or more, got " + expected + ".");
        }
        Outputs outputs = Outputs.of(log);
        long missing = expected - outputs.recordsBelow(expected);
        long[] lostScheduled = new long[Math.toIntExact(missing)];
        long[] present = outputs.recordIds();
        int next = 0;
        int found = 0;
        for (long id = 0; next < lostScheduled.length; id++) {
            while (found < present.length && present[found] < id) {
                found++;
            }
            if (found == present.length || present[found] != id) {
                lostScheduled[next++] = schedule.scheduledMicros(id);
            }
        }
        return of(log, outputs, expected, lostScheduled);
    }

    private static RunAnalysis of(
            ArrivalLog log, Outputs records, long expected, long[] lostScheduled) {
        int[] first = records.firstIndexes();
        int[] byOutput =
                IndexSort.sorted(
                        first.length,
                        (left, right) ->
                                Long.compare(
                                        log.outputMicros(first[left]),
                                        log.outputMicros(first[right])));
        long[] outputs = new long[first.length];
        int[] subtasks = new int[first.length];
        for (int i = 0; i < first.length; i++) {
            outputs[i] = log.outputMicros(first[byOutput[i]]);
            subtasks[i] = log.counterSubtask(first[byOutput[i]]);
        }
        long end = first.length == 0 ? 0 : outputs[first.length - 1];

        int total = first.length + lostScheduled.length;
        long[] due = new long[total];
        long[] waited = new long[total];
        for (int i = 0; i < total; i++) {
            boolean seen = i < first.length;
            due[i] = seen ? log.scheduledMicros(first[i]) : lostScheduled[i - first.length];
            waited[i] = Math.max(0, (seen ? log.outputMicros(first[i]) : end) - due[i]);
        }
        int[] byDue = IndexSort.sorted(total, (left, right) -> Long.compare(due[left], due[right]));
        long[] scheduled = new long[total];
        long[] latency = new long[total];
        for (int i = 0; i < total; i++) {
            scheduled[i] = due[byDue[i]];
            latency[i] = waited[byDue[i]];
        }
        return new RunAnalysis(
                log, Delivery.of(log, records, expected), scheduled, latency, outputs, subtasks);
    }

    /** Losses, repetitions and order over the whole run. */
    public Delivery delivery() {
        return delivery;
    }

    /** The log behind the figures. */
    public ArrivalLog log() {
        return log;
    }

    /** Latency of the records scheduled in a span. */
    public LatencyFigures latency(Span span) {
        return LatencyFigures.of(histogram(span));
    }

    private Histogram histogram(Span span) {
        Histogram histogram = new Histogram(SIGNIFICANT_DIGITS);
        int end = firstAtOrAfter(scheduled, span.toMicros());
        for (int i = firstAtOrAfter(scheduled, span.fromMicros()); i < end; i++) {
            histogram.recordValue(latencyMicros[i]);
        }
        return histogram;
    }

    /** Longest part of a span without any output, in milliseconds. */
    public double gapMillis(Span span) {
        long longest = 0;
        long previous = span.fromMicros();
        int end = firstAtOrAfter(outputs, span.toMicros());
        for (int i = firstAtOrAfter(outputs, span.fromMicros()); i < end; i++) {
            longest = Math.max(longest, outputs[i] - previous);
            previous = outputs[i];
        }
        return Math.max(longest, span.toMicros() - previous) / 1e3;
    }

    /**
     * Service lost in the horizon, in record-seconds: what each record waited beyond the base
     * p99.9, summed up, minus the same sum over the base span.
     */
    public double lostService(Span base, Span horizon) {
        long allowed = histogram(base).getValueAtPercentile(99.9);
        return (excessMicros(horizon, allowed) - excessMicros(base, allowed)) / 1e6;
    }

    private double excessMicros(Span span, long allowedMicros) {
        double excess = 0;
        int end = firstAtOrAfter(scheduled, span.toMicros());
        for (int i = firstAtOrAfter(scheduled, span.fromMicros()); i < end; i++) {
            excess += Math.max(0, latencyMicros[i] - allowedMicros);
        }
        return excess;
    }

    /** Lowest output of any whole second of a span over the mean offered load of the span. */
    public double minThroughput(Span span) {
        double offered = countIn(scheduled, span) / span.seconds();
        if (offered == 0) {
            return 0;
        }
        long lowest = Long.MAX_VALUE;
        for (long from = span.fromMicros();
                from + 1_000_000 <= span.toMicros();
                from += 1_000_000) {
            lowest = Math.min(lowest, countIn(outputs, Span.ofMillis(from, 1000)));
        }
        return lowest == Long.MAX_VALUE ? 0 : lowest / offered;
    }

    /** Records scheduled up to a time, minus those first output up to then. */
    public long backlog(long micros) {
        return firstAtOrAfter(scheduled, micros + 1) - firstAtOrAfter(outputs, micros + 1);
    }

    /**
     * Milliseconds from the trigger to the first time after which the job is as calm as in the base
     * span for 10 s; -1 if that never happens before the horizon ends.
     *
     * <p>Calm is a 100-ms window whose p99 is at most 1.1 times the highest 100-ms p99 of the base
     * span, and whose backlog at its end is at most the highest backlog of the base span. The
     * highest, because the p99 of the whole base is passed by some of its own windows.
     */
    public double recoveredMillis(Span base, Span horizon) {
        List<IntervalFigures> before = intervals(base, WINDOW_MICROS);
        double allowedP99 =
                RECOVERED_FACTOR
                        * before.stream().mapToDouble(at -> at.latency().p99()).max().orElse(0);
        long allowedBacklog = before.stream().mapToLong(IntervalFigures::backlog).max().orElse(0);
        long calmSince = horizon.fromMicros();
        for (IntervalFigures window : intervals(horizon, WINDOW_MICROS)) {
            long windowEnd = window.startMicros() + WINDOW_MICROS;
            if (window.latency().p99() > allowedP99 || window.backlog() > allowedBacklog) {
                calmSince = windowEnd;
            } else if (windowEnd - calmSince >= CALM_MICROS) {
                return (calmSince - horizon.fromMicros()) / 1e3;
            }
        }
        return -1;
    }

    /**
     * Milliseconds from the trigger to the first output of a subtask that did not exist before; -1
     * if there is none.
     *
     * @param subtasksBefore parallelism of the keyed vertex at the trigger
     */
    public double firstReliefMillis(long triggerMicros, int subtasksBefore) {
        for (int i = firstAtOrAfter(outputs, triggerMicros); i < outputs.length; i++) {
            if (outputSubtasks[i] >= subtasksBefore) {
                return (outputs[i] - triggerMicros) / 1e3;
            }
        }
        return -1;
    }

    /** The time series of a span; a last interval that does not fit is left out. */
    public List<IntervalFigures> intervals(Span span, long intervalMicros) {
        List<IntervalFigures> series = new ArrayList<>();
        for (long from = span.fromMicros();
                from + intervalMicros <= span.toMicros();
                from += intervalMicros) {
            Span interval = new Span(from, from + intervalMicros);
            series.add(
                    new IntervalFigures(
                            from,
                            latency(interval),
                            countIn(outputs, interval),
                            backlog(interval.toMicros() - 1)));
        }
        return series;
    }

    /** The span from the first due time to the last output; null if nothing was output. */
    public Span whole() {
        return outputs.length == 0
                ? null
                : new Span(Math.min(scheduled[0], outputs[0]), outputs[outputs.length - 1] + 1);
    }

    private static long countIn(long[] sorted, Span span) {
        return firstAtOrAfter(sorted, span.toMicros()) - firstAtOrAfter(sorted, span.fromMicros());
    }

    private static int firstAtOrAfter(long[] sorted, long micros) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < micros) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
