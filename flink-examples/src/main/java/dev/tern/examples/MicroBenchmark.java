package dev.tern.examples;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import dev.tern.examples.job.CommonParameters;
import dev.tern.examples.job.ExampleJob;
import dev.tern.examples.job.Inputs;
import dev.tern.examples.job.Launcher;
import dev.tern.examples.keycount.Line;
import dev.tern.examples.measure.KeySequence;
import dev.tern.examples.micro.Access;
import dev.tern.examples.micro.AccessPattern;
import dev.tern.examples.micro.ChainedValue;
import dev.tern.examples.micro.Cost;
import dev.tern.examples.micro.StateAccess;
import dev.tern.examples.micro.StateSizes;
import dev.tern.examples.parameters.Parameters;
import dev.tern.examples.sink.Results;
import dev.tern.examples.source.GeneratedContent;
import dev.tern.examples.verify.HistoryCheck;
import dev.tern.examples.verify.KeyedRecords;
import dev.tern.examples.verify.ResultLines;
import dev.tern.examples.verify.Verification;

import java.io.IOException;

/**
 * Keyed state with every dial that papers turn: number of keys, size of their state, share of it
 * that is touched, skew, rate and cost of a record.
 *
 * <p>Parameters also have the names of Spacker's micro-benchmark (Mao et al., ICDCS 2025) and of
 * the synthetic job that DRRS is measured with.
 */
public final class MicroBenchmark implements ExampleJob {

    public static void main(String[] args) throws Exception {
        Launcher.launch(new MicroBenchmark(), args);
    }

    @Override
    public String name() {
        return "MicroBenchmark";
    }

    @Override
    public Parameters.Declaration declare() {
        return CommonParameters.spacker(
                        Parameters.of(name(), "reads and writes keyed state of any size and skew."))
                .byDefault("rate", "5000.0")
                .byDefault("opMaxPar", "1024")
                .whole("keys", 32_768, 1, "Distinct keys.")
                .whole("stateBytes", 1024, 0, "Bytes of state per key, at least 24.")
                .text("stateSizes", "CONSTANT", "CONSTANT, or UNIFORM up to twice stateBytes.")
                .whole("stateAccessRatio", 100, 1, "Percent of the keys touched in a second.")
                .decimal("skew", 0, 0, "Zipf exponent of the keys; 0 is uniform.")
                .flag("fill", false, "First touch each key once.")
                .whole("recordSize", 0, 0, "Bytes of ballast per record.")
                .decimal("processingTimeMean", 0, 0, "Milliseconds a record keeps a core busy.")
                .decimal("processingTimeStddev", 0, 0, "Standard deviation of that.")
                .also("nKeys", "keys")
                .also("perKeySize", "stateBytes")
                .also("zipf_skew", "skew")
                .also("sourceParallelism", "sourcePar")
                .also("sinkParallelism", "sinkPar")
                .also("maxKeyNum", "opMaxPar")
                .also("keyNum", "keys")
                .also("inputRate", "rate")
                .also("keySkewFactor", "skew")
                .also("stateSizeMean", "stateBytes")
                .also("stateSizeDistribution", "stateSizes");
    }

    @Override
    public void build(StreamExecutionEnvironment environment, Parameters parameters) {
        CommonParameters.checkParallelism(parameters, "opPar", "opMaxPar");
        int recordBytes = parameters.count("recordSize");
        AccessPattern pattern = pattern(parameters);
        byte[] ballast = new byte[recordBytes];
        DataStream<Access> accesses =
                Inputs.of(
                        environment,
                        parameters,
                        new GeneratedContent<>(
                                parameters.whole("limit"),
                                (record, scheduledMicros, channel) ->
                                        new Access(
                                                record,
                                                scheduledMicros,
                                                channel,
                                                pattern.key(record),
                                                ballast)),
                        line -> parse(line, recordBytes),
                        Access.class,
                        WatermarkStrategy.noWatermarks());
        Results.end(
                accesses.keyBy(Access::key)
                        .map(new StateAccess(sizes(parameters), cost(parameters)))
                        .name("StateAccess")
                        .uid("state-access")
                        .setParallelism(parameters.count("opPar"))
                        .setMaxParallelism(parameters.count("opMaxPar")),
                "micro-benchmark",
                parameters);
    }

    /** A line is the number of a key. */
    private static Access parse(Line line, int recordBytes) {
        return new Access(
                line.firstRecord(),
                line.scheduledMicros(),
                line.channel(),
                Long.parseLong(line.text().strip()),
                new byte[recordBytes]);
    }

    @Override
    public Verification verify(Parameters parameters) throws IOException {
        AccessPattern pattern = pattern(parameters);
        long sources = parameters.whole("sourcePar");
        return HistoryCheck.of(
                ResultLines.read(parameters),
                KeyedRecords.of(
                        CommonParameters.verifiedRecords(parameters),
                        record -> Long.toString(pattern.key(record))),
                Chain::new,
                record -> record % sources);
    }

    /** The chain of a key's records, computed beside the job. */
    private static final class Chain implements HistoryCheck.Replay {

        private long chain;

        @Override
        public String next(long recordId) {
            chain = ChainedValue.chain(chain, recordId);
            return Long.toHexString(chain);
        }
    }

    private static AccessPattern pattern(Parameters parameters) {
        long keys = parameters.whole("keys");
        if (parameters.whole("stateAccessRatio") > 100) {
            throw Parameters.refused(
                    "The parameter --stateAccessRatio is a percentage from 1 to 100, got "
                            + parameters.text("stateAccessRatio")
                            + ".");
        }
        return new AccessPattern(
                new KeySequence(
                        parameters.whole("seed"),
                        keys,
                        parameters.flag("fill") ? keys : 0,
                        parameters.decimal("skew")),
                parameters.count("stateAccessRatio"),
                Math.max(1, (long) CommonParameters.rate(parameters)));
    }

    private static StateSizes sizes(Parameters parameters) {
        int bytes = parameters.count("stateBytes");
        String distribution = parameters.text("stateSizes");
        if (bytes < ChainedValue.LEAST_BYTES) {
            throw Parameters.refused(
                    "The parameter --stateBytes must be at least "
                            + ChainedValue.LEAST_BYTES
                            + ", got "
                            + bytes
                            + ".");
        }
        if (!distribution.equals("CONSTANT") && !distribution.equals("UNIFORM")) {
            throw Parameters.refused(
                    "The parameter --stateSizes must be CONSTANT or UNIFORM, got '"
                            + distribution
                            + "'.");
        }
        return new StateSizes(parameters.whole("seed"), bytes, distribution.equals("UNIFORM"));
    }

    private static Cost cost(Parameters parameters) {
        return new Cost(
                parameters.decimal("processingTimeMean") * 1000,
                parameters.decimal("processingTimeStddev") * 1000);
    }
}
