package dev.tern.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.experiments.cluster.CommandResult;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** What the scripts make of environment, configuration and arguments, and what they refuse. */
class ScriptArgumentsITCase {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir private Path directory;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void configure() throws IOException {
        Distribution.copyConfiguration(directory.resolve("conf"));
        environment.put("JAVA_HOME", EchoJava.install(directory, "17.0.1").toString());
        environment.put("FLINK_CONF_DIR", directory.resolve("conf").toString());
        environment.put("FLINK_LOG_DIR", directory.resolve("log").toString());
        environment.put("FLINK_PID_DIR", directory.resolve("pid").toString());
        environment.put("FLINK_IDENT_STRING", "tester");
    }

    @ParameterizedTest
    @CsvSource({
        "jobmanager.sh, org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        "taskmanager.sh, org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
        "historyserver.sh, org.apache.flink.runtime.webmonitor.history.HistoryServer"
    })
    void daemonGetsMainClassConfigurationAndOpenedPackages(String script, String main)
            throws Exception {
        assertThat(run(script, "start-foreground").orThrow().output().lines())
                .containsSubsequence(
                        "-classpath", main, "--configDir", environment.get("FLINK_CONF_DIR"))
                .contains("--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED")
                .anyMatch(it -> it.startsWith("-Dlog.file=" + directory + "/log/flink-tester-"))
                .contains(
                        "-Dlog4j.configurationFile=file:"
                                + directory
                                + "/conf/log4j-console.properties");
    }

    @Test
    void memoryOfTheConfigurationBecomesOptionsOfTheJvm() throws Exception {
        String output =
                run("jobmanager.sh", "start-foreground", "-Djobmanager.memory.heap.size=300m")
                        .orThrow()
                        .output();

        assertThat(output.lines()).contains("-Xmx314572800", "-Djobmanager.memory.heap.size=300m");
    }

    @Test
    void taskManagerIsToldTheMemoryItWasGiven() throws Exception {
        String output = run("taskmanager.sh", "start-foreground").orThrow().output();

        assertThat(output.lines())
                .anyMatch(line -> line.matches("-XX:MaxDirectMemorySize=\\d+"))
                .anyMatch(line -> line.matches("taskmanager\\.memory\\.managed\\.size=\\d+b"));
    }

    @ParameterizedTest
    @CsvSource({
        "jobmanager.sh, jobmanager, FLINK_ENV_JAVA_OPTS_JM",
        "taskmanager.sh, taskmanager, FLINK_ENV_JAVA_OPTS_TM",
        "flink, client, FLINK_ENV_JAVA_OPTS_CLI"
    })
    void javaOptionsOfTheConfigurationYieldToTheEnvironment(
            String script, String key, String variable) throws Exception {
        addConfiguration("env.java.opts.all: -Dall=yaml");
        addConfiguration("env.java.opts." + key + ": '-Drole=yaml -Dtwo=\"2\"'");
        assertThat(run(script, "start-foreground").orThrow().output().lines())
                .contains("-Dall=yaml", "-Drole=yaml");

        environment.put("FLINK_ENV_JAVA_OPTS", "-Dall=env");
        environment.put(variable, "-Drole=env");
        assertThat(run(script, "start-foreground").orThrow().output().lines())
                .contains("-Dall=env", "-Drole=env")
                .doesNotContain("-Dall=yaml", "-Drole=yaml");
    }

    @Test
    void directoriesMayComeFromTheConfiguration() throws Exception {
        environment.put("FLINK_LOG_DIR", "");
        addConfiguration("env.log.dir: " + directory.resolve("elsewhere"));

        assertThat(run("taskmanager.sh", "start-foreground").orThrow().output())
                .contains("-Dlog.file=" + directory + "/elsewhere/flink-tester-taskexecutor-0-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Denv.java.opts.all=-Dall=given", "-D env.java.opts.all=-Dall=given"})
    void javaOptionsMayBeGivenAsDynamicProperty(String option) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(option.split(" ")));
        arguments.addAll(0, List.of("run", "-c", "some.Main"));

        assertThat(run("flink", arguments.toArray(String[]::new)).orThrow().output().lines())
                .contains("-Dall=given")
                .endsWith(arguments.toArray(String[]::new));
    }

    @Test
    void worksThroughALinkAndFromAnyDirectory() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("f"), Distribution.script("flink"));

        CommandResult result = run(List.of(link.toString(), "list", "a b"));

        assertThat(result.orThrow().output().lines()).endsWith("list", "a b");
    }

    @Test
    void clientOfTheDistributionKnowsRescale() throws Exception {
        assertThat(run("flink", "list").orThrow().output().lines())
                .contains("dev.tern.client.cli.TernCliFrontend");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobmanager.sh", "taskmanager.sh", "historyserver.sh"})
    void unknownActionShowsTheUsage(String script) throws Exception {
        CommandResult result = run(script, "restart");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output())
                .contains(script + ": unknown action 'restart'.")
                .contains("Usage: " + script);
    }

    @Test
    void missingConfigurationIsNamed() throws Exception {
        environment.put("FLINK_CONF_DIR", directory.resolve("nowhere").toString());
        assertRefused(
                run("flink", "list"),
                "flink: the configuration directory " + directory + "/nowhere does not exist");

        environment.put("FLINK_CONF_DIR", directory.toString());
        assertRefused(
                run("start-cluster.sh"),
                "start-cluster.sh: there is no readable config.yaml in " + directory);
    }

    @Test
    void configurationThatCannotBeUsedIsNamed() throws Exception {
        addConfiguration("taskmanager.memory.task.heap.size: many");

        CommandResult result = run("taskmanager.sh", "start");

        assertRefused(result, "the configuration in " + directory + "/conf cannot be used");
        assertThat(result.output()).contains("taskmanager.memory.task.heap.size");
    }

    @Test
    void javaThatIsMissingOrOldIsNamed() throws Exception {
        environment.put("JAVA_HOME", directory.resolve("no-java").toString());
        assertRefused(run("flink", "list"), directory + "/no-java/bin/java is not there");

        environment.put("JAVA_HOME", EchoJava.install(directory, "11.0.2").toString());
        assertRefused(run("flink", "list"), "which is Java 11; Java 17 or later is needed");
    }

    @Test
    void libraryWithoutFlinkIsNamed() throws Exception {
        environment.put("FLINK_LIB_DIR", directory.toString());
        assertRefused(run("flink", "list"), "there is no flink-runtime jar in " + directory);
    }

    @Test
    void directoryThatCannotBeWrittenIsNamed() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        environment.put("FLINK_PID_DIR", file.resolve("pid").toString());
        assertRefused(run("jobmanager.sh", "start"), "cannot write to the pid directory " + file);
        environment.put("FLINK_LOG_DIR", file.resolve("log").toString());
        assertRefused(
                run("jobmanager.sh", "start-foreground"),
                "cannot write to the log directory " + file);
    }

    @Test
    void missingWorkersFileIsNamed() throws Exception {
        Files.delete(directory.resolve("conf/workers"));
        assertRefused(run("start-cluster.sh"), "there is no readable file 'workers' in");
    }

    private static void assertRefused(CommandResult result, String message) {
        assertThat(result.output()).contains(message);
        assertThat(result.exitCode()).isEqualTo(1);
    }

    private void addConfiguration(String line) throws IOException {
        Files.writeString(
                directory.resolve("conf/config.yaml"), line + "\n", StandardOpenOption.APPEND);
    }

    private CommandResult run(String script, String... arguments)
            throws IOException, InterruptedException, TimeoutException {
        List<String> command = new ArrayList<>();
        command.add(Distribution.script(script).toString());
        command.addAll(Arrays.asList(arguments));
        return run(command);
    }

    private CommandResult run(List<String> command)
            throws IOException, InterruptedException, TimeoutException {
        return CommandResult.of(command, environment, TIMEOUT, line -> {});
    }
}
