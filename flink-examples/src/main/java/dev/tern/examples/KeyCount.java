package dev.tern.examples;

import dev.tern.examples.keycount.Counter;
import dev.tern.examples.keycount.GeneratedWords;
import dev.tern.examples.keycount.Line;
import dev.tern.examples.keycount.ReplayedText;
import dev.tern.examples.keycount.Splitter;
import dev.tern.examples.keycount.WordRecord;
import dev.tern.examples.measure.KeySequence;
import dev.tern.examples.parameters.ParameterException;
import dev.tern.examples.parameters.Parameters;
import dev.tern.examples.sink.Results;
import dev.tern.examples.source.OpenLoopSource;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Counts words, the main job to rescale: source and splitter, hash, counter, rebalance, sink.
 *
 * <p>Parameters keep the names of the key-count job that Meces (Gu et al., USENIX ATC 2022) is
 * measured with.
 */
public final class KeyCount {

    private KeyCount() {}

    static Parameters.Declaration declare() {
        return JobParameters.declare("KeyCount", "counts words and can be rescaled meanwhile.", 10_000)
                .text("input", null, "kafka, text or generator; text if --wordFile is given.")
                .text("topic", "test", "Kafka topic with text, or with <epoch ms>:<text>.")
                .text("kafkaServers", "localhost:9092", "Bootstrap servers of Kafka.")
                .flag("startFromEarliest", false, "Read the topic from its start, not its end.")
                .flag("stopAtLatest", false, "End at what the topic holds when the job starts.")
                .text("wordFile", null, "Text to replay, on every source's host; may be .gz.")
                .whole("repeat", 1, 0, "How many times to replay the text; 0 for no end.")
                .whole("sourceRate", 10_000, 1, "Same as --rate.")
                .whole("defaultPar", 1, 1, "Parallelism of source and splitter.")
                .whole("counterPar", 1, 1, "Parallelism of the counter.")
                .whole("counterMaxPara", 128, 1, "Max parallelism (key groups) of the counter.")
                .whole("counterCostlyOperationLoops", 0, 0, "Extra state accesses per word.")
                .flag("nativeFlink", true, "Without effect: any keyed state can be moved live.");
    }

    public static void main(String[] args) throws Exception {
        Parameters.Declaration declaration = declare();
        if (declaration.asksForHelp(args)) {
            System.out.print(declaration.help());
            return;
        }
        StreamExecutionEnvironment environment;
        try {
            environment = build(declaration.parse(args));
        } catch (ParameterException e) {
            // The client prints this one without a stack trace.
            throw new ProgramParametrizationException(e.getMessage());
        }
        environment.execute("KeyCount");
    }

    private static StreamExecutionEnvironment build(Parameters parameters) {
        if (parameters.count("counterPar") > parameters.count("counterMaxPara")) {
            throw Parameters.refused(
                    "The counter cannot have more subtasks (--counterPar "
                            + parameters.text("counterPar")
                            + ") than key groups (--counterMaxPara "
                            + parameters.text("counterMaxPara")
                            + ").");
        }
        StreamExecutionEnvironment environment = JobParameters.environment(parameters);
        DataStream<WordRecord> words =
                environment
                        .fromSource(source(parameters), WatermarkStrategy.noWatermarks(), "Lines")
                        .returns(Line.class)
                        .uid("source")
                        .setParallelism(parameters.count("defaultPar"))
                        .flatMap(new Splitter())
                        .name("FlatMap-Splitter")
                        .uid("splitter")
                        .setParallelism(parameters.count("defaultPar"));
        Results.end(
                words.keyBy(WordRecord::word)
                        .flatMap(new Counter(parameters.count("counterCostlyOperationLoops")))
                        .name("FlatMap-Counter")
                        .uid("counter")
                        .setParallelism(parameters.count("counterPar"))
                        .setMaxParallelism(parameters.count("counterMaxPara")),
                parameters.count("sinkPar"),
                parameters.text("latencyDir"),
                parameters.whole("sinkInterval"),
                parameters.text("output"));
        return environment;
    }

    private static Source<Line, ?, ?> source(Parameters parameters) {
        double rate =
                parameters.isGiven("sourceRate")
                        ? parameters.whole("sourceRate")
                        : parameters.decimal("rate");
        return switch (input(parameters)) {
            case "text" ->
                    new OpenLoopSource<>(
                            new ReplayedText(
                                    parameters.text("wordFile"), parameters.whole("repeat")),
                            JobParameters.steady(parameters, rate),
                            parameters.text("latencyDir"));
            case "generator" ->
                    new OpenLoopSource<>(
                            new GeneratedWords(
                                    new KeySequence(
                                            parameters.whole("seed"),
                                            parameters.whole("keys"),
                                            0,
                                            parameters.decimal("skew")),
                                    parameters.whole("limit")),
                            JobParameters.steady(parameters, rate),
                            parameters.text("latencyDir"));
            default ->
                    throw Parameters.refused(
                            "The parameter --input must be kafka, text or generator, got '"
                                    + parameters.text("input")
                                    + "'.");
        };
    }

    private static String input(Parameters parameters) {
        if (parameters.isGiven("input")) {
            if (parameters.text("input").equals("text") && !parameters.isGiven("wordFile")) {
                throw Parameters.refused("The input text needs --wordFile.");
            }
            return parameters.text("input");
        }
        return parameters.isGiven("wordFile") ? "text" : "kafka";
    }
}
