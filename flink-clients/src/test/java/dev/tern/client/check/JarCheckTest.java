package dev.tern.client.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.StateBackendOptions;

import dev.tern.client.check.JarReport.PlannedVertex;
import dev.tern.jobs.EveryObstacle;
import dev.tern.jobs.ProgramJar;
import dev.tern.jobs.SecondApi;
import dev.tern.jobs.StrangeBackendFactory;
import dev.tern.rescale.request.CheckReport.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Programs are run up to their first execute(), and the lines that are in the way are named. */
class JarCheckTest {

    @TempDir private Path directory;

    private final Configuration configuration = new Configuration();

    @Test
    void whatIsLiveIsSaidToBe() throws Exception {
        JarReport report = check("plain");
        assertThat(report.job()).isEqualTo("EveryObstacle plain");
        PlannedVertex keyed = vertex(report, "KEYED");
        assertThat(keyed.check().parallelism()).isEqualTo(2);
        assertThat(keyed.check().maxParallelism()).isEqualTo(128);
        assertThat(keyed.check().more().verdict()).isEqualTo(Verdict.LIVE);
        assertThat(keyed.check().fewer().verdict()).isEqualTo(Verdict.LIVE);
        assertThat(keyed.openQuestions()).isEmpty();
    }

    @Test
    void aSourceHasTheLineThatMakesIt() throws Exception {
        assertThat(more(vertex(check("plain"), "Sequence Source")))
                .contains(ProgramJar.at("SOURCE", "fromSequence") + "It is a source.");
        assertThat(more(vertex(check("broadcast"), "Collection Source")))
                .contains(ProgramJar.at("RULES", "fromData") + "It is a source.");
        assertThat(more(vertex(check("broadcast"), "RULED"))).isEmpty();
    }

    @Test
    void whatAPointwiseEdgeConnectsIsRescaledTogether() throws Exception {
        JarReport forward = check("forward");
        PlannedVertex keyed = vertex(forward, "KEYED");
        assertThat(keyed.check().together()).singleElement().asString().startsWith("MAPPED");
        assertThat(keyed.check().more().verdict()).isEqualTo(Verdict.LIVE);
        assertThat(vertex(forward, "MAPPED").check().together()).containsExactly("KEYED");
        assertThat(vertex(forward, "MAPPED").check().fewer().verdict()).isEqualTo(Verdict.LIVE);
    }

    @Test
    void aPointwiseEdgeHasTheLineOfItsReader() throws Exception {
        JarReport rescale = check("rescale");
        String at = ProgramJar.at("RESCALED", "map");
        assertThat(more(vertex(rescale, "RESCALED")))
                .singleElement()
                .asString()
                .startsWith(at + "It reads 'KEYED' over a pointwise RESCALE edge from 2 to 3");
        assertThat(more(vertex(rescale, "KEYED")))
                .singleElement()
                .asString()
                .startsWith(at + "It is connected over pointwise edges with 'RESCALED");
    }

    @Test
    void anOperatorOfAChainHasItsOwnLine() throws Exception {
        PlannedVertex vertex = vertex(check("async"), "KEYED -> async");
        assertThat(more(vertex))
                .singleElement()
                .asString()
                .startsWith(ProgramJar.at("ASYNC", "unorderedWait") + "Operator async wait operator")
                .endsWith("keeps records that wait for an asynchronous result.");
        assertThat(vertex.check().fewer()).isEqualTo(vertex.check().more());
    }

    @Test
    void aCommitterHasTheLineOfItsSink() throws Exception {
        PlannedVertex without = vertex(check("commit"), "KEYED");
        assertThat(without.check().more().verdict()).isEqualTo(Verdict.LIVE);
        assertThat(without.check().fewer().verdict()).isEqualTo(Verdict.RESTART);
        assertThat(without.check().fewer().reasons())
                .singleElement()
                .asString()
                .startsWith(ProgramJar.at("SINK", "sinkTo") + "Operator")
                .endsWith("commits at checkpoints, and the job takes none.");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
        PlannedVertex with = vertex(check("commit"), "KEYED");
        assertThat(with.check().fewer().verdict()).isEqualTo(Verdict.LIVE);
    }

    @Test
    void rawKeyedStateIsNamed() throws Exception {
        assertThat(more(vertex(check("raw"), "RAW")))
                .singleElement()
                .asString()
                .startsWith(ProgramJar.at("RAW", "transform") + "Operator RAW (RawOperator)")
                .endsWith("writes raw keyed state, which only it can read.");
    }

    @Test
    void aVertexWithoutKeysIsLiveOnlyIfItsRecordsAreSpread() throws Exception {
        JarReport report = check("pairs");
        assertThat(more(vertex(report, "SPREAD"))).isEmpty();
        assertThat(more(vertex(report, "KEYLESS")))
                .containsExactly(
                        ProgramJar.at("KEYLESS", "map") + "It has no keyed state to rescale by.");
    }

    @Test
    void keyedStateWhoseRecordsAreSpreadIsNamed() throws Exception {
        assertThat(more(vertex(check("reinterpret"), "SPREAD")))
                .containsExactly(
                        ProgramJar.at("SPREAD", "map")
                                + "It has keyed state, but its records do not find it by key.");
    }

    @Test
    void aBackendWhoseStateDoesNotMoveIsNamed() throws Exception {
        configuration.set(
                StateBackendOptions.STATE_BACKEND, StrangeBackendFactory.class.getName());
        assertThat(more(vertex(check("plain"), "KEYED")))
                .singleElement()
                .asString()
                .startsWith(ProgramJar.at("KEYED", "process"))
                .contains("keeps its keyed state in a Strange, which does not move live yet");
        configuration.set(StateBackendOptions.STATE_BACKEND, "no-such-backend");
        assertThatThrownBy(() -> check("plain"))
                .isInstanceOf(JarCheckException.class)
                .hasMessageContaining("no-such-backend");
    }

    @Test
    void whatIsKnownOnlyWhenTheJobRunsIsLeftOpen() throws Exception {
        PlannedVertex vertex = vertex(check("list"), "KEYED");
        assertThat(vertex.check().more().verdict()).isEqualTo(Verdict.LIVE);
        assertThat(vertex.openQuestions())
                .singleElement()
                .asString()
                .startsWith(ProgramJar.at("KEYED", "process") + "Operator KEYED")
                .contains("has a CheckpointedFunction");
        // The operator class of the program is not Flink's either.
        assertThat(vertex(check("raw"), "RAW").openQuestions()).isNotEmpty();
    }

    @Test
    void aProgramThatCatchesItsEndIsCheckedAllTheSame() throws Exception {
        assertThat(check("catches").job()).isEqualTo("EveryObstacle catches");
    }

    @Test
    void aProgramOfTheSecondApiIsNotRunEither() throws Exception {
        configuration.set(DeploymentOptions.TARGET, "remote");
        Path jar = ProgramJar.write(directory, SecondApi.class);
        JarReport report = JarCheck.of(arguments(jar, null, "plain"), configuration);
        assertThat(report.job()).isEqualTo("second");
        assertThat(more(vertex(report, "SAME"))).isEmpty();
        assertThat(more(vertex(report, "Collection Source")))
                .contains(ProgramJar.at(SecondApi.class, "EXECUTE", "execute") + "It is a source.");
    }

    @Test
    void aProgramWithoutAJobSaysWhy() {
        assertThatThrownBy(() -> check("throws"))
                .hasMessage(
                        "The program of job.jar has failed before its execute():"
                                + " IllegalStateException: Nothing works.");
        assertThatThrownBy(() -> check("refuses")).hasMessage("Say what to read.");
        assertThatThrownBy(() -> check("returns"))
                .hasMessage(
                        "The program of job.jar has ended without execute(), so there is no job to"
                                + " check.");
    }

    @Test
    void aBatchJobIsRefused() {
        configuration.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.BATCH);
        assertThatThrownBy(() -> check("plain")).hasMessageContaining("streaming");
    }

    @Test
    void whatIsNoProgramIsRefused() throws Exception {
        Path text = Files.writeString(directory.resolve("text.jar"), "not a jar");
        assertThatThrownBy(() -> JarCheck.of(arguments(text, null, "plain"), configuration))
                .hasMessageStartingWith("text.jar is not a jar file: ")
                .hasMessageEndingWith(".");
        Path jar = ProgramJar.write(directory, null);
        assertThatThrownBy(() -> JarCheck.of(arguments(jar, null, "plain"), configuration))
                .hasMessageContaining("'Main-Class'")
                .hasMessageContaining("-c names the class");
        assertThatThrownBy(() -> JarCheck.of(arguments(jar, "no.such.Job", ""), configuration))
                .hasMessageContaining("no.such.Job");
    }

    private JarReport check(String kind) throws Exception {
        Path jar = ProgramJar.write(directory, EveryObstacle.class);
        return JarCheck.of(arguments(jar, null, kind), configuration);
    }

    private static JarCheckArguments arguments(Path jar, String main, String argument) {
        return new JarCheckArguments(
                jar, main, List.of(ProgramJar.classes()), 2, List.of(argument));
    }

    private static PlannedVertex vertex(JarReport report, String name) {
        return report.vertices().stream()
                .filter(vertex -> vertex.check().vertexName().contains(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + report));
    }

    private static List<String> more(PlannedVertex vertex) {
        return vertex.check().more().reasons();
    }
}
