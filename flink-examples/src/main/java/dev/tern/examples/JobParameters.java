package dev.tern.examples;

import dev.tern.examples.measure.EpochMicros;
import dev.tern.examples.measure.Schedule;
import dev.tern.examples.parameters.Parameters;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The parameters that all jobs share: how fast the source runs and where results go. */
final class JobParameters {

    private JobParameters() {}

    static Parameters.Declaration declare(String job, String purpose, double rate) {
        return Parameters.of(job, purpose)
                .decimal("rate", rate, 0.001, "Records per second of the open-loop source.")
                .whole("seed", 1, Long.MIN_VALUE, "Changes which keys the generator draws.")
                .whole("keys", 1_000_000, 1, "Distinct keys of the generator.")
                .decimal("skew", 0, 0, "Zipf exponent of the generator's keys; 0 draws uniformly.")
                .whole("limit", 0, 0, "Stop the generator after so many records; 0 for never.")
                .whole(
                        "startDelay",
                        3000,
                        0,
                        "Milliseconds from submission to the due time of the first record.")
                .whole("sinkPar", 1, 1, "Parallelism of the sink.")
                .whole(
                        "sinkInterval",
                        1000,
                        0,
                        "The sink prints one result per so many milliseconds; 0 for none.")
                .text("output", null, "Directory for all results, as exactly-once text files.")
                .text("latencyDir", null, "Directory for the arrival log, on the sinks' hosts.")
                .whole(
                        "checkpointInterval",
                        0,
                        0,
                        "Milliseconds between checkpoints; 0 leaves it to the cluster.")
                .whole(
                        "bufferTimeout",
                        5,
                        0,
                        "Milliseconds a record may wait for its network buffer to fill.");
    }

    static StreamExecutionEnvironment environment(Parameters parameters) {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        if (parameters.whole("checkpointInterval") > 0) {
            environment.enableCheckpointing(parameters.whole("checkpointInterval"));
        }
        environment.setBufferTimeout(parameters.whole("bufferTimeout"));
        return environment;
    }

    static long startMicros(Parameters parameters) {
        return EpochMicros.now() + parameters.whole("startDelay") * 1000;
    }

    /** The schedule of a source without a fill phase. */
    static Schedule steady(Parameters parameters, double rate) {
        return Schedule.steady(startMicros(parameters), rate);
    }
}
