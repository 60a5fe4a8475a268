package dev.tern.examples.job;

import dev.tern.examples.measure.EpochMicros;
import dev.tern.examples.measure.Schedule;
import dev.tern.examples.parameters.Parameters;

import java.util.List;

/** Parameters that the example jobs share; jobs add the names that papers give them. */
public final class CommonParameters {

    private CommonParameters() {}

    /**
     * Declares where the input comes from and how fast.
     *
     * @param input generator, text or kafka: the one when no parameter says otherwise
     */
    public static Parameters.Declaration input(
            Parameters.Declaration declaration, String input) {
        return declaration
                .text("input", input, "generator, text or kafka; text if there is --inputFile.")
                .text("topic", "test", "Kafka topic to read.")
                .text("kafkaServers", "localhost:9092", "Bootstrap servers of Kafka.")
                .flag("startFromEarliest", false, "Read the topic from its start, not its end.")
                .flag("stopAtLatest", false, "End at what the topic holds when the job starts.")
                .text("inputFile", null, "Text to replay, on the hosts of the sources; may be .gz.")
                .whole("repeat", 1, 0, "How many times to replay the text; 0 for no end.")
                .whole("seed", 1, Long.MIN_VALUE, "Changes what the generator draws.")
                .whole("limit", 0, 0, "Stop the generator after so many records; 0 for never.")
                .decimal("rate", 10_000, 0.001, "Records per second of generator and text.")
                .whole("startDelay", 3000, 0, "Milliseconds from submission to the first record.");
    }

    /** Declares parallelism, where the output goes, and how it is checked. */
    public static Parameters.Declaration output(Parameters.Declaration declaration) {
        return declaration
                .whole("sourcePar", 1, 1, "Parallelism of the source.")
                .whole("opPar", 1, 1, "Parallelism of the keyed operators.")
                .whole("opMaxPar", 128, 1, "Max parallelism (key groups) of the keyed operators.")
                .whole("sinkPar", 1, 1, "Parallelism of the sink.")
                .whole("sinkInterval", 1000, 0, "Print a result per so many ms; 0 for none.")
                .text("output", null, "Directory for all results, in exactly-once text files.")
                .text("outputTopic", null, "Kafka topic for all results, exactly once.")
                .text("latencyDir", null, "Directory for the arrival log, on the sinks' hosts.")
                .whole("checkpointInterval", 0, 0, "In ms; 0 leaves it to the cluster.")
                .whole("bufferTimeout", 5, 0, "Milliseconds a result waits for a full buffer.")
                .flag("verify", false, "Run nothing; compare --output with what it must hold.");
    }

    /** Declares all that, with the names that the jobs of Spacker give it. */
    public static Parameters.Declaration spacker(Parameters.Declaration declaration) {
        return output(input(declaration, "generator"))
                .decimal("runtime", 0, 0, "Seconds for --nTuples; sets the rate.")
                .also("p1", "sourcePar")
                .also("p2", "opPar")
                .also("mp2", "opMaxPar")
                .also("p3", "sinkPar")
                .also("nTuples", "limit")
                .also("interval", "checkpointInterval");
    }

    /** Refuses more subtasks than key groups. */
    public static void checkParallelism(Parameters parameters, String subtasks, String groups) {
        if (parameters.count(subtasks) > parameters.count(groups)) {
            throw Parameters.refused(
                    "A keyed operator cannot have more subtasks (--"
                            + subtasks
                            + " "
                            + parameters.text(subtasks)
                            + ") than key groups (--"
                            + groups
                            + " "
                            + parameters.text(groups)
                            + ").");
        }
    }

    /** Which of the inputs is meant: generator, text or kafka. */
    public static String inputKind(Parameters parameters) {
        String input = parameters.text("input");
        if (!parameters.isGiven("input")) {
            return parameters.isGiven("inputFile") ? "text" : input;
        }
        if (input.equals("text") && !parameters.isGiven("inputFile")) {
            throw Parameters.refused("The input text needs --inputFile.");
        }
        if (!List.of("generator", "text", "kafka").contains(input)) {
            throw Parameters.refused(
                    "The parameter --input must be generator, text or kafka, got '"
                            + input
                            + "'.");
        }
        return input;
    }

    /** The number of generated records that a finished run has taken in, for its verification. */
    public static long verifiedRecords(Parameters parameters) {
        if (!inputKind(parameters).equals("generator") || parameters.whole("limit") == 0) {
            throw Parameters.refused(
                    "To verify needs generated input with an end: give --limit, as in the run.");
        }
        return parameters.whole("limit");
    }

    /** The schedule of a source without a fill phase. */
    public static Schedule schedule(Parameters parameters) {
        return Schedule.steady(startMicros(parameters), rate(parameters));
    }

    /** Records per second; of a job with {@code --runtime}, so many that it lasts that long. */
    public static double rate(Parameters parameters) {
        if (!parameters.isDeclared("runtime") || parameters.decimal("runtime") == 0) {
            return parameters.decimal("rate");
        }
        if (parameters.whole("limit") == 0 || parameters.isGiven("rate")) {
            throw Parameters.refused(
                    "A --runtime needs the number of records (--nTuples), and no rate.");
        }
        return parameters.whole("limit") / parameters.decimal("runtime");
    }

    /** When the first record is due. */
    public static long startMicros(Parameters parameters) {
        return EpochMicros.now() + parameters.whole("startDelay") * 1000;
    }
}
