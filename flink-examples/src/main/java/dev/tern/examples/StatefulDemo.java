package dev.tern.examples;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import dev.tern.examples.demo.Letter;
import dev.tern.examples.demo.StatefulMap;
import dev.tern.examples.job.CommonParameters;
import dev.tern.examples.job.ExampleJob;
import dev.tern.examples.job.Inputs;
import dev.tern.examples.job.Launcher;
import dev.tern.examples.keycount.Line;
import dev.tern.examples.parameters.Parameters;
import dev.tern.examples.sink.Results;
import dev.tern.examples.source.GeneratedContent;
import dev.tern.examples.verify.HistoryCheck;
import dev.tern.examples.verify.KeyedRecords;
import dev.tern.examples.verify.ResultLines;
import dev.tern.examples.verify.Verification;

import java.io.IOException;

/**
 * Counts letters: the smallest thing to rescale, after the job of this name that Spacker and Trisk
 * are tested with.
 */
public final class StatefulDemo implements ExampleJob {

    public static void main(String[] args) throws Exception {
        Launcher.launch(new StatefulDemo(), args);
    }

    @Override
    public String name() {
        return "StatefulDemo";
    }

    @Override
    public Parameters.Declaration declare() {
        return CommonParameters.spacker(
                        Parameters.of(name(), "counts letters, the smallest thing to rescale."))
                .byDefault("rate", "1000.0");
    }

    @Override
    public void build(StreamExecutionEnvironment environment, Parameters parameters) {
        CommonParameters.checkParallelism(parameters, "opPar", "opMaxPar");
        DataStream<Letter> letters =
                Inputs.of(
                        environment,
                        parameters,
                        new GeneratedContent<>(parameters.whole("limit"), Letter::generated),
                        StatefulDemo::parse,
                        Letter.class,
                        WatermarkStrategy.noWatermarks());
        Results.end(
                letters.keyBy(Letter::word)
                        .map(new StatefulMap())
                        .name("Splitter FlatMap")
                        .uid("flatmap")
                        .setParallelism(parameters.count("opPar"))
                        .setMaxParallelism(parameters.count("opMaxPar")),
                "stateful-demo",
                parameters);
    }

    /** A line is a word. */
    private static Letter parse(Line line) {
        return new Letter(
                line.firstRecord(), line.scheduledMicros(), line.channel(), line.text().strip());
    }

    @Override
    public Verification verify(Parameters parameters) throws IOException {
        long sources = parameters.whole("sourcePar");
        return HistoryCheck.of(
                ResultLines.read(parameters),
                KeyedRecords.of(
                        CommonParameters.verifiedRecords(parameters), Letter::word),
                Count::new,
                record -> record % sources);
    }

    /** The count of a letter, computed beside the job. */
    private static final class Count implements HistoryCheck.Replay {

        private long count;

        @Override
        public String next(long recordId) {
            count++;
            return Letter.word(recordId) + " " + count;
        }
    }
}
