package dev.tern.examples;

import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;

import dev.tern.examples.job.ExampleJob;
import dev.tern.examples.job.Launcher;
import dev.tern.examples.parameters.Parameters;
import dev.tern.examples.verify.Verification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Runs each job small in a cluster inside this process, and lets it verify itself. */
@Timeout(60)
class ExampleJobsTest {

    @TempDir private Path directory;

    private record Case(ExampleJob job, List<String> args) {

        @Override
        public String toString() {
            return job.name() + " " + String.join(" ", args);
        }
    }

    static Stream<Case> cases() {
        Stream<Case> queries =
                IntStream.rangeClosed(1, 8)
                        .mapToObj(
                                query ->
                                        new Case(
                                                new Nexmark(),
                                                List.of(
                                                        "--query", "q" + query,
                                                        "--limit", "20000",
                                                        "--eventRate", "1000",
                                                        "--outOfOrderGroupSize", "7",
                                                        "--auctionSkip", "5",
                                                        "--windowSize", "2",
                                                        "--windowStep", "500")));
        return Stream.concat(
                Stream.of(
                        new Case(new StatefulDemo(), List.of("--nTuples", "5000")),
                        new Case(
                                new MicroBenchmark(),
                                List.of(
                                        "--limit", "5000",
                                        "--keys", "200",
                                        "--stateBytes", "100",
                                        "--stateSizes", "UNIFORM",
                                        "--stateAccessRatio", "10",
                                        "--skew", "0.8")),
                        new Case(
                                new StockExchange(),
                                List.of("--limit", "5000", "--stocks", "50"))),
                queries);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void verifiesItsOwnResultsAndNoOthers(Case tested) throws Exception {
        List<String> args = new ArrayList<>(tested.args());
        args.addAll(
                List.of(
                        "--rate", "1000000",
                        "--startDelay", "0",
                        "--sinkInterval", "0",
                        "--sourcePar", "2",
                        "--opPar", "3",
                        "--checkpointInterval", "100",
                        "--output", directory.resolve("output").toString()));
        Parameters parameters = tested.job().declare().parse(args.toArray(new String[0]));

        Launcher.build(tested.job(), parameters, configuration()).execute();

        Verification verification = tested.job().verify(parameters);
        assertThat(verification.findings()).isEmpty();
        assertThat(verification.agrees()).isTrue();
        assertThat(verification.results()).isPositive();

        Path file = aResultFile();
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        String last = lines.remove(lines.size() - 1);
        Files.write(file, lines);
        assertThat(tested.job().verify(parameters).agrees()).as("a result is missing").isFalse();
        lines.add(last + "0");
        Files.write(file, lines);
        assertThat(tested.job().verify(parameters).agrees()).as("a value is wrong").isFalse();
        lines.set(lines.size() - 1, last);
        lines.add(last);
        Files.write(file, lines);
        assertThat(tested.job().verify(parameters).agrees()).as("a result is twice").isFalse();
    }

    @Test
    void aRunThatIsNotAsExpectedIsRefusedWhenItIsVerified() {
        assertRefused("To verify needs --output", "--verify");
        assertRefused("There is no directory", "--verify", "--limit", "1", "--output", "nowhere");
        assertRefused("needs generated input with an end", "--verify", "--output", "nowhere");
        assertRefused(
                "needs a text that is read once",
                "--verify",
                "--output",
                directory.toString(),
                "--inputFile",
                "events.txt",
                "--repeat",
                "2");
        assertRefused("did you mean --query?", "--qeury", "q1");
        assertRefused("must be one of q1 to q8, got 'q9'", "--query", "q9");
        assertRefused("multiple of 953", "--outOfOrderGroupSize", "1906");
    }

    private static void assertRefused(String sentence, String... args) {
        assertThatThrownBy(() -> Nexmark.main(args))
                .isInstanceOf(ProgramParametrizationException.class)
                .hasMessageContaining(sentence);
    }

    private Path aResultFile() throws Exception {
        try (Stream<Path> files = Files.walk(directory.resolve("output"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().contains("inprogress"))
                    .filter(file -> file.toFile().length() > 0)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Fails instead of restarting, and does not fall back to Kryo. */
    private static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        return configuration;
    }
}
