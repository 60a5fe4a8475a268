package dev.tern.examples.measure;

import dev.tern.examples.parameters.ParameterException;
import dev.tern.examples.parameters.Parameters;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;

/** Prints the figures of a run, from its arrival log, as a JSON object. */
public final class Analyze {

    private Analyze() {}

    static Parameters.Declaration declare() {
        return Parameters.of("Analyze", "prints the figures of a run of KeyCount as JSON.")
                .text("latencyDir", null, "Directory of the arrival log.")
                .whole("expected", -1, -1, "Records that must have arrived; -1 to use --cutoff.")
                .whole("cutoff", 2000, 0, "Expect what was due so many ms before the last output.")
                .whole("trigger", 0, 0, "Epoch ms of the rescale; 0 for no figures of one.")
                .whole("base", 30, 1, "Seconds of the undisturbed span before the trigger.")
                .whole("horizon", 60, 1, "Seconds of the span after the trigger.")
                .whole("from", 0, 0, "Parallelism of the counter before the trigger.")
                .text("wordFile", null, "Compare with the words of this text.")
                .whole("keys", 0, 0, "Compare with this many generated words; 0 for not.")
                .whole("seed", 1, Long.MIN_VALUE, "Seed of the generated words.")
                .decimal("skew", 0, 0, "Zipf exponent of the generated words.")
                .text("series", null, "Write a time series of 100-ms intervals to this CSV file.");
    }

    public static void main(String[] args) throws IOException {
        Parameters.Declaration declaration = declare();
        if (declaration.asksForHelp(args)) {
            System.out.print(declaration.help());
            return;
        }
        try {
            analyze(declaration.parse(args), System.out);
        } catch (ParameterException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** Prints the figures that the parameters ask for. */
    static void analyze(Parameters parameters, PrintStream out) throws IOException {
        if (!parameters.isGiven("latencyDir")) {
            throw Parameters.refused("The analysis needs --latencyDir.");
        }
        Path directory = Path.of(parameters.text("latencyDir"));
        ArrivalLog log = ArrivalLog.read(directory);
        if (log.size() == 0) {
            throw Parameters.refused("There are no arrivals in " + directory + ".");
        }
        Schedule schedule = Schedule.existsIn(directory) ? Schedule.read(directory) : null;
        long expected = expected(parameters, RunAnalysis.of(log), schedule);
        RunAnalysis run =
                schedule == null ? RunAnalysis.of(log) : RunAnalysis.of(log, schedule, expected);

        Map<String, Number> fields = new LinkedHashMap<>();
        fields.put("expected", expected);
        if (parameters.whole("trigger") > 0) {
            long trigger = parameters.whole("trigger") * 1000;
            long baseMicros = parameters.whole("base") * 1_000_000;
            fields.putAll(
                    RunFigures.of(
                                    run,
                                    new Span(trigger - baseMicros, trigger),
                                    Span.ofMillis(trigger, parameters.whole("horizon") * 1000),
                                    parameters.count("from"))
                            .fields());
        } else {
            fields.putAll(run.delivery().fields());
        }
        LongUnaryOperator oracle = oracle(parameters, schedule);
        if (oracle != null && expected >= 0) {
            OracleCheck check = OracleCheck.of(log, oracle, expected);
            fields.put("oracleKeys", check.keys());
            fields.put("oracleWrongKeys", check.wrongKeys());
            fields.put("oracleWrongCounts", check.wrongCounts());
        }
        out.println(json(fields));
        if (parameters.isGiven("series")) {
            writeSeries(run, Path.of(parameters.text("series")));
        }
    }

    private static long expected(Parameters parameters, RunAnalysis run, Schedule schedule) {
        if (parameters.whole("expected") >= 0 || schedule == null) {
            return parameters.whole("expected");
        }
        long cutoffMicros = parameters.whole("cutoff") * 1000;
        return schedule.dueAt(run.whole().toMicros() - 1 - cutoffMicros);
    }

    private static LongUnaryOperator oracle(Parameters parameters, Schedule schedule)
            throws IOException {
        if (parameters.isGiven("wordFile")) {
            return new WordOracle(TextFile.read(Path.of(parameters.text("wordFile"))));
        }
        if (parameters.whole("keys") == 0 || schedule == null) {
            return null;
        }
        KeySequence keys =
                new KeySequence(
                        parameters.whole("seed"),
                        parameters.whole("keys"),
                        schedule.fillRecords(),
                        parameters.decimal("skew"));
        return record -> Words.hash(Words.ofKey(keys.key(record)));
    }

    private static String json(Map<String, Number> fields) {
        return fields.entrySet().stream()
                .map(field -> "  \"" + field.getKey() + "\": " + field.getValue())
                .collect(Collectors.joining(",\n", "{\n", "\n}"));
    }

    private static void writeSeries(RunAnalysis run, Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("startMicros,records,p50,p99,max,outputs,backlog");
        for (IntervalFigures at : run.intervals(run.whole(), 100_000)) {
            LatencyFigures latency = at.latency();
            lines.add(
                    at.startMicros()
                            + ","
                            + latency.records()
                            + ","
                            + latency.p50()
                            + ","
                            + latency.p99()
                            + ","
                            + latency.max()
                            + ","
                            + at.outputs()
                            + ","
                            + at.backlog());
        }
        Files.write(file, lines);
    }
}
