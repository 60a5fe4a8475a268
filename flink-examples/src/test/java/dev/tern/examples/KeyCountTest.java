package dev.tern.examples;

import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;

import dev.tern.examples.job.Launcher;
import dev.tern.examples.measure.ArrivalLog;
import dev.tern.examples.measure.Delivery;
import dev.tern.examples.measure.KeySequence;
import dev.tern.examples.measure.OracleCheck;
import dev.tern.examples.measure.ResultFiles;
import dev.tern.examples.measure.RunAnalysis;
import dev.tern.examples.measure.Schedule;
import dev.tern.examples.measure.TextFile;
import dev.tern.examples.measure.WordOracle;
import dev.tern.examples.measure.Words;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Runs KeyCount in a cluster inside this process. */
@Timeout(60)
class KeyCountTest {

    private static final String TEXT =
            "The Parliament rises at noon.\n\n"
                    + "Parliament: the PARLIAMENT (100 members) rises!\n"
                    + "noon";

    @TempDir private Path directory;

    @Test
    void countsEveryWordOfATextOnceAndInOrder() throws Exception {
        Path words = Files.writeString(directory.resolve("words.txt"), TEXT);
        Path log = directory.resolve("log");
        Path output = directory.resolve("output");

        run(
                new String[] {
                    "--wordFile", words.toString(),
                    "--repeat", "200",
                    "--rate", "10000",
                    "--startDelay", "0",
                    "--sinkInterval", "0",
                    "--defaultPar", "1",
                    "--counterPar", "3",
                    "--sinkPar", "2",
                    "--checkpointInterval", "100",
                    "--output", output.toString(),
                    "--latencyDir", log.toString()
                });

        WordOracle oracle = new WordOracle(TextFile.read(words));
        ArrivalLog arrivals = ArrivalLog.read(log);
        RunAnalysis run = RunAnalysis.of(arrivals, Schedule.read(log), 12 * 200);
        assertThat(run.delivery()).isEqualTo(new Delivery(2400, 0, 0, 0, 0));
        assertThat(OracleCheck.of(arrivals, oracle, 2400))
                .isEqualTo(new OracleCheck(2400, 7, 0, 0));
        assertThat(oracle.counts(200)).containsEntry("parliament", 600L).hasSize(7);
        assertThat(ResultFiles.differences(output, oracle.counts(200))).isEmpty();
    }

    @Test
    void countsGeneratedWordsFromSeveralSources() throws Exception {
        Path log = directory.resolve("log");

        run(
                new String[] {
                    "-input", "generator",
                    "-limit", "3000",
                    "-keys", "50",
                    "-seed", "7",
                    "-skew", "1.1",
                    "-sourceRate", "10000",
                    "-startDelay", "0",
                    "-sinkInterval", "0",
                    "-defaultPar", "2",
                    "-counterPar", "2",
                    "-counterCostlyOperationLoops", "3",
                    "-nativeFlink", "false",
                    "-latencyDir", log.toString()
                });

        KeySequence keys = new KeySequence(7, 50, 0, 1.1);
        ArrivalLog arrivals = ArrivalLog.read(log);
        assertThat(RunAnalysis.of(arrivals, Schedule.read(log), 3000).delivery())
                .isEqualTo(new Delivery(3000, 0, 0, 0, 0));
        assertThat(OracleCheck.of(arrivals, id -> Words.hash(Words.ofKey(keys.key(id))), 3000))
                .isEqualTo(new OracleCheck(3000, 50, 0, 0));
    }

    @Test
    void fillsAndUpdatesStateOfAGivenSize() throws Exception {
        Path log = directory.resolve("log");

        run(
                new String[] {
                    "--input", "generator",
                    "--limit", "3000",
                    "--keys", "1000",
                    "--fillRate", "10000",
                    "--settle", "50",
                    "--rate", "10000",
                    "--startDelay", "0",
                    "--sinkInterval", "0",
                    "--counterPar", "2",
                    "--valueBytes", "100",
                    "--checkpointInterval", "50",
                    "--latencyDir", log.toString()
                });

        KeySequence keys = new KeySequence(1, 1000, 1000, 0);
        ArrivalLog arrivals = ArrivalLog.read(log);
        Schedule schedule = Schedule.read(log);
        assertThat(schedule.steadyStartMicros() - schedule.startMicros()).isEqualTo(150_000);
        assertThat(RunAnalysis.of(arrivals, schedule, 3000).delivery())
                .isEqualTo(new Delivery(3000, 0, 0, 0, 0));
        assertThat(OracleCheck.of(arrivals, id -> Words.hash(Words.ofKey(keys.key(id))), 3000))
                .isEqualTo(new OracleCheck(3000, 1000, 0, 0));
    }

    @Test
    void refusesWhatItCannotUseInOneSentence() {
        assertRefused("The parameter '--paralellism' is unknown", "--paralellism", "3");
        assertRefused("--counterPar must be a whole number from 1, got '0'", "--counterPar", "0");
        assertRefused("--rate must be a number from 0.001, got 'fast'", "--rate", "fast");
        assertRefused("--input must be generator, text or kafka, got 'x'", "--input", "x");
        assertRefused("The input text needs --inputFile.", "--input", "text");
        assertRefused("--valueBytes must be 0 or at least 16, got 8.", "--valueBytes", "8");
        assertRefused(
                "more subtasks (--counterPar 9) than key groups (--counterMaxPara 8)",
                "--counterPar",
                "9",
                "--counterMaxPara",
                "8");
    }

    /** Runs a job that fails instead of restarting, and that may not fall back to Kryo. */
    private static void run(String[] args) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        KeyCount job = new KeyCount();
        Launcher.build(job, job.declare().parse(args), configuration).execute();
    }

    private static void assertRefused(String sentence, String... args) {
        assertThatThrownBy(() -> KeyCount.main(args))
                .isInstanceOf(ProgramParametrizationException.class)
                .hasMessageContaining(sentence);
    }
}
