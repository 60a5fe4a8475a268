package dev.tern.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.experiments.cluster.CommandResult;
import dev.tern.processes.job.UnbrokenSequences;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** {@code flink rescale --check} of job jars with the distribution's script; no cluster runs. */
class JarCheckITCase {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    @TempDir private Path directory;

    @Test
    void theExampleIsLiveBehindItsSource() throws Exception {
        Path jar = Distribution.directory().resolve("examples/KeyCount.jar");
        CommandResult result =
                check("-p", "2", jar.toString(), "--input", "generator", "--counterPar", "2");
        assertThat(result.exitCode()).as(result.output()).isZero();
        Path source =
                Path.of("../../flink-examples/src/main/java/dev/tern/examples/KeyCount.java");
        assertThat(result.output().lines())
                .containsSubsequence(
                        "  more           restart: only with --allow-restart",
                        "                 "
                                + at(source, ".fromSource(", "fromSource")
                                + "It is a source.")
                .anyMatch(line -> line.matches("\"FlatMap-Counter\" .*2 of at most 128 subtasks"))
                .contains("  more or fewer  live: while the job runs");
    }

    @Test
    void aJobOfAUserIsChecked() throws Exception {
        Path jar = JobJar.of(UnbrokenSequences.class, directory);
        CommandResult result = check("-p", "2", jar.toString(), "100");
        assertThat(result.exitCode()).as(result.output()).isZero();
        Path source =
                Path.of(
                        "src/test/java",
                        UnbrokenSequences.class.getName().replace('.', '/') + ".java");
        assertThat(result.output().lines())
                .contains(
                        "                 "
                                + at(source, "env.fromSource(", "fromSource")
                                + "It is a source.",
                        "  more or fewer  live: while the job runs");
    }

    @Test
    void aProgramThatFailsIsOneSentence() throws Exception {
        Path jar = JobJar.of(UnbrokenSequences.class, directory);
        CommandResult result = check(jar.toString(), "often");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output().strip())
                .isEqualTo(
                        "The program of UnbrokenSequences.jar has failed before its execute():"
                                + " NumberFormatException: For input string: \"often\".");
        assertThat(check("no.jar").exitCode()).isEqualTo(1);
    }

    private CommandResult check(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(Distribution.script("flink").toString(), "rescale", "--check"));
        command.addAll(List.of(arguments));
        return CommandResult.of(
                command,
                Map.of("FLINK_LOG_DIR", directory.resolve("log").toString()),
                TIMEOUT,
                line -> {});
    }

    /** The only line of a source with such a call, as it is printed. */
    private static String at(Path source, String call, String method) throws Exception {
        List<String> lines = Files.readAllLines(source);
        int line =
                IntStream.range(0, lines.size())
                        .filter(i -> lines.get(i).contains(call))
                        .findFirst()
                        .orElseThrow();
        return String.format("%s:%d: .%s(...): ", source.getFileName(), line + 1, method);
    }
}
