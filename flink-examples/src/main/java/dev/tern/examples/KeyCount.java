package dev.tern.examples;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import dev.tern.examples.job.CommonParameters;
import dev.tern.examples.job.ExampleJob;
import dev.tern.examples.job.Inputs;
import dev.tern.examples.job.Launcher;
import dev.tern.examples.keycount.CountedWord;
import dev.tern.examples.keycount.Counter;
import dev.tern.examples.keycount.Line;
import dev.tern.examples.keycount.PaddedCounter;
import dev.tern.examples.keycount.ReplayedText;
import dev.tern.examples.keycount.Splitter;
import dev.tern.examples.keycount.WordRecord;
import dev.tern.examples.measure.KeySequence;
import dev.tern.examples.measure.ResultFiles;
import dev.tern.examples.measure.Schedule;
import dev.tern.examples.measure.TextFile;
import dev.tern.examples.measure.WordOracle;
import dev.tern.examples.measure.Words;
import dev.tern.examples.parameters.Parameters;
import dev.tern.examples.sink.Results;
import dev.tern.examples.source.GeneratedContent;
import dev.tern.examples.source.OpenLoopSource;
import dev.tern.examples.verify.Verification;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts words, the main job to rescale: source and splitter, hash, counter, rebalance, sink.
 *
 * <p>Parameters keep the names of the key-count job that Meces (Gu et al., USENIX ATC 2022) is
 * measured with. With {@code --input generator --valueBytes 1000 --fillRate 50000} it is the job
 * that rescales are measured with: a million keys of a kilobyte each.
 */
public final class KeyCount implements ExampleJob {

    public static void main(String[] args) throws Exception {
        Launcher.launch(new KeyCount(), args);
    }

    @Override
    public String name() {
        return "KeyCount";
    }

    @Override
    public Parameters.Declaration declare() {
        Parameters.Declaration declaration =
                Parameters.of(name(), "counts words and can be rescaled meanwhile.");
        CommonParameters.output(CommonParameters.input(declaration, "kafka"));
        return declaration
                .whole("keys", 1_000_000, 1, "Distinct words of the generator.")
                .decimal("skew", 0, 0, "Zipf exponent of the generated words; 0 is uniform.")
                .decimal("fillRate", 0, 0, "First generate each word once, so many per second.")
                .whole("settle", 2000, 0, "Milliseconds between the fill phase and the rest.")
                .whole("counterCostlyOperationLoops", 0, 0, "Extra state accesses per word.")
                .whole("valueBytes", 0, 0, "Size of a word's state; 0 keeps just the count.")
                .flag("nativeFlink", true, "Without effect: any keyed state can be moved live.")
                .also("wordFile", "inputFile")
                .also("sourceRate", "rate")
                .also("defaultPar", "sourcePar")
                .also("counterPar", "opPar")
                .also("counterMaxPara", "opMaxPar");
    }

    @Override
    public void build(StreamExecutionEnvironment environment, Parameters parameters) {
        CommonParameters.checkParallelism(parameters, "counterPar", "counterMaxPara");
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
        Results.end(counted, "key-count", parameters);
    }

    @Override
    public Verification verify(Parameters parameters) throws IOException {
        List<String> differences =
                ResultFiles.differences(
                        Path.of(parameters.text("output")), expectedCounts(parameters));
        long results = ResultFiles.lines(Path.of(parameters.text("output")));
        return Verification.of(results, differences);
    }

    private static Map<String, Long> expectedCounts(Parameters parameters) throws IOException {
        if (CommonParameters.inputKind(parameters).equals("text")) {
            if (parameters.whole("repeat") == 0) {
                throw Parameters.refused("To verify needs a text with an end, so --repeat.");
            }
            return new WordOracle(TextFile.read(Path.of(parameters.text("wordFile"))))
                    .counts(parameters.whole("repeat"));
        }
        KeySequence keys = keys(parameters);
        Map<String, Long> counts = new HashMap<>();
        long records = CommonParameters.verifiedRecords(parameters);
        for (long record = 0; record < records; record++) {
            counts.merge(Words.ofKey(keys.key(record)), 1L, Long::sum);
        }
        return counts;
    }

    private static Source<Line, ?, ?> source(Parameters parameters) {
        return switch (CommonParameters.inputKind(parameters)) {
            case "kafka" -> Inputs.kafka(parameters, "key-count");
            case "text" ->
                    new OpenLoopSource<>(
                            new ReplayedText(
                                    parameters.text("wordFile"), parameters.whole("repeat")),
                            CommonParameters.schedule(parameters),
                            parameters.text("latencyDir"));
            default -> generator(parameters);
        };
    }

    private static Source<Line, ?, ?> generator(Parameters parameters) {
        KeySequence keys = keys(parameters);
        double fillRate = parameters.decimal("fillRate");
        double rate = parameters.decimal("rate");
        return new OpenLoopSource<>(
                new GeneratedContent<>(
                        parameters.whole("limit"),
                        (record, scheduledMicros, channel) ->
                                new Line(
                                        record,
                                        scheduledMicros,
                                        channel,
                                        Words.ofKey(keys.key(record)))),
                new Schedule(
                        CommonParameters.startMicros(parameters),
                        keys.fillRecords(),
                        fillRate > 0 ? fillRate : rate,
                        parameters.whole("settle") * 1000,
                        rate),
                parameters.text("latencyDir"));
    }

    private static KeySequence keys(Parameters parameters) {
        long keys = parameters.whole("keys");
        return new KeySequence(
                parameters.whole("seed"),
                keys,
                parameters.decimal("fillRate") > 0 ? keys : 0,
                parameters.decimal("skew"));
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
}
