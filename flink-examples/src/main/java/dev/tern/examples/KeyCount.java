package dev.tern.examples;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import dev.tern.examples.keycount.CountedTopic;
import dev.tern.examples.keycount.CountedWord;
import dev.tern.examples.keycount.Counter;
import dev.tern.examples.keycount.GeneratedWords;
import dev.tern.examples.keycount.KafkaLines;
import dev.tern.examples.keycount.Line;
import dev.tern.examples.keycount.PaddedCounter;
import dev.tern.examples.keycount.ReplayedText;
import dev.tern.examples.keycount.Splitter;
import dev.tern.examples.keycount.WordRecord;
import dev.tern.examples.measure.EpochMicros;
import dev.tern.examples.measure.KeySequence;
import dev.tern.examples.measure.Schedule;
import dev.tern.examples.parameters.ParameterException;
import dev.tern.examples.parameters.Parameters;
import dev.tern.examples.sink.Results;
import dev.tern.examples.source.OpenLoopSource;

/**
 * Counts words, the main job to rescale: source and splitter, hash, counter, rebalance, sink.
 *
 * <p>Parameters keep the names of the key-count job that Meces (Gu et al., USENIX ATC 2022) is
 * measured with. With {@code --input generator --valueBytes 1000 --fillRate 50000} it is the job
 * that rescales are measured with: a million keys of a kilobyte each.
 */
public final class KeyCount {

    private KeyCount() {}

    static Parameters.Declaration declare() {
        return Parameters.of("KeyCount", "counts words and can be rescaled meanwhile.")
                .text(
                        "input",
                        null,
                        "kafka, text or generator; else text with --wordFile or kafka.")
                .text("topic", "test", "Kafka topic with text, or with <epoch ms>:<text>.")
                .text("kafkaServers", "localhost:9092", "Bootstrap servers of Kafka.")
                .flag("startFromEarliest", false, "Read the topic from its start, not its end.")
                .flag("stopAtLatest", false, "End at what the topic holds when the job starts.")
                .text("wordFile", null, "Text to replay, on the hosts of the sources; may be .gz.")
                .whole("repeat", 1, 0, "How many times to replay the text; 0 for no end.")
                .whole("keys", 1_000_000, 1, "Distinct words of the generator.")
                .decimal("skew", 0, 0, "Zipf exponent of the generated words; 0 is uniform.")
                .whole("seed", 1, Long.MIN_VALUE, "Changes which words the generator draws.")
                .whole("limit", 0, 0, "Stop the generator after so many words; 0 for never.")
                .decimal("fillRate", 0, 0, "First generate each word once, so many per second.")
                .whole("settle", 2000, 0, "Milliseconds between the fill phase and the rest.")
                .decimal("rate", 10_000, 0.001, "Words per second of text and generator.")
                .decimal("sourceRate", 10_000, 0.001, "The same as --rate.")
                .whole("startDelay", 3000, 0, "Milliseconds from submission to the first word.")
                .whole("defaultPar", 1, 1, "Parallelism of source and splitter.")
                .whole("counterPar", 1, 1, "Parallelism of the counter.")
                .whole("counterMaxPara", 128, 1, "Max parallelism (key groups) of the counter.")
                .whole("counterCostlyOperationLoops", 0, 0, "Extra state accesses per word.")
                .whole("valueBytes", 0, 0, "Size of a word's state; 0 keeps just the count.")
                .whole("sinkPar", 1, 1, "Parallelism of the sink.")
                .whole("sinkInterval", 1000, 0, "Print a result per so many ms; 0 for none.")
                .text("output", null, "Directory for all results, in exactly-once text files.")
                .text("outputTopic", null, "Kafka topic for all results, exactly once.")
                .text("latencyDir", null, "Directory for the arrival log, on the sinks' hosts.")
                .whole("checkpointInterval", 0, 0, "In ms; 0 leaves it to the cluster.")
                .whole("bufferTimeout", 5, 0, "Milliseconds a result waits for a full buffer.")
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
            environment = build(declaration.parse(args), new Configuration());
        } catch (ParameterException e) {
            // The client prints this one without a stack trace.
            throw new ProgramParametrizationException(e.getMessage());
        }
        environment.execute("KeyCount");
    }

    /** The job, to be submitted or run with a configuration beyond the cluster's. */
    static StreamExecutionEnvironment build(Parameters parameters, Configuration configuration) {
        if (parameters.count("counterPar") > parameters.count("counterMaxPara")) {
            throw Parameters.refused(
                    "The counter cannot have more subtasks (--counterPar "
                            + parameters.text("counterPar")
                            + ") than key groups (--counterMaxPara "
                            + parameters.text("counterMaxPara")
                            + ").");
        }
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        if (parameters.whole("checkpointInterval") > 0) {
            environment.enableCheckpointing(parameters.whole("checkpointInterval"));
        }
        environment.setBufferTimeout(parameters.whole("bufferTimeout"));
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
        DataStream<CountedWord> counted =
                words.keyBy(WordRecord::word)
                        .flatMap(counter(parameters))
                        .name("FlatMap-Counter")
                        .uid("counter")
                        .setParallelism(parameters.count("counterPar"))
                        .setMaxParallelism(parameters.count("counterMaxPara"));
        if (parameters.isGiven("outputTopic")) {
            // Chained behind the counter, and rescaled with it.
            counted.sinkTo(
                            CountedTopic.sink(
                                    parameters.text("kafkaServers"),
                                    parameters.text("outputTopic")))
                    .name("Topic")
                    .uid("topic")
                    .setParallelism(parameters.count("counterPar"));
        }
        Results.end(
                counted,
                parameters.count("sinkPar"),
                parameters.text("latencyDir"),
                parameters.whole("sinkInterval"),
                parameters.text("output"));
        return environment;
    }

    private static Source<Line, ?, ?> source(Parameters parameters) {
        return switch (input(parameters)) {
            case "kafka" -> kafka(parameters);
            case "text" ->
                    new OpenLoopSource<>(
                            new ReplayedText(
                                    parameters.text("wordFile"), parameters.whole("repeat")),
                            Schedule.steady(startMicros(parameters), rate(parameters)),
                            parameters.text("latencyDir"));
            case "generator" -> generator(parameters);
            default ->
                    throw Parameters.refused(
                            "The parameter --input must be kafka, text or generator, got '"
                                    + parameters.text("input")
                                    + "'.");
        };
    }

    private static Source<Line, ?, ?> kafka(Parameters parameters) {
        KafkaSourceBuilder<Line> builder =
                KafkaSource.<Line>builder()
                        .setBootstrapServers(parameters.text("kafkaServers"))
                        .setTopics(parameters.text("topic"))
                        .setGroupId("key-count")
                        .setStartingOffsets(
                                parameters.flag("startFromEarliest")
                                        ? OffsetsInitializer.earliest()
                                        : OffsetsInitializer.latest())
                        .setDeserializer(new KafkaLines());
        if (parameters.flag("stopAtLatest")) {
            builder.setBounded(OffsetsInitializer.latest());
        }
        return builder.build();
    }

    private static Source<Line, ?, ?> generator(Parameters parameters) {
        long keys = parameters.whole("keys");
        double fillRate = parameters.decimal("fillRate");
        long fillRecords = fillRate > 0 ? keys : 0;
        double rate = rate(parameters);
        return new OpenLoopSource<>(
                new GeneratedWords(
                        new KeySequence(
                                parameters.whole("seed"),
                                keys,
                                fillRecords,
                                parameters.decimal("skew")),
                        parameters.whole("limit")),
                new Schedule(
                        startMicros(parameters),
                        fillRecords,
                        fillRate > 0 ? fillRate : rate,
                        parameters.whole("settle") * 1000,
                        rate),
                parameters.text("latencyDir"));
    }

    private static double rate(Parameters parameters) {
        return parameters.decimal(parameters.isGiven("sourceRate") ? "sourceRate" : "rate");
    }

    private static long startMicros(Parameters parameters) {
        return EpochMicros.now() + parameters.whole("startDelay") * 1000;
    }

    private static RichFlatMapFunction<WordRecord, CountedWord> counter(Parameters parameters) {
        int valueBytes = parameters.count("valueBytes");
        int loops = parameters.count("counterCostlyOperationLoops");
        if (valueBytes == 0) {
            return new Counter(loops);
        }
        if (valueBytes < PaddedCounter.LEAST_BYTES) {
            throw Parameters.refused(
                    "The parameter --valueBytes must be 0 or at least "
                            + PaddedCounter.LEAST_BYTES
                            + ", got "
                            + valueBytes
                            + ".");
        }
        return new PaddedCounter(valueBytes, loops);
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
