package dev.tern.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.client.cli.CliArgsException;
import org.apache.flink.client.cli.CliFrontendParser;

import dev.tern.rescale.request.RescaleDefaults;
import dev.tern.rescale.request.RescaleRequest;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Command lines that are understood and those that are not. */
class RescaleArgumentsTest {

    private static final String JOB = "0123456789abcdef0123456789abcdef";

    @Test
    void aJobIdIsEnough() throws Exception {
        RescaleArguments arguments = parse(JOB);
        assertThat(arguments.jobId().toHexString()).isEqualTo(JOB);
        assertThat(arguments.request()).isEqualTo(RescaleRequest.empty());
        assertThat(arguments.view()).isEqualTo(RescaleArguments.View.RESCALE);
        assertThat(arguments.await()).isFalse();
        assertThat(arguments.json()).isFalse();
    }

    @Test
    void optionsStandBeforeOrAfterTheJobId() throws Exception {
        RescaleRequest expected =
                RescaleRequest.of("Sink: out", 4, "aligned", "minimal", false, true);
        assertThat(
                        parse(
                                        JOB,
                                        "-v",
                                        "Sink: out",
                                        "-p",
                                        "4",
                                        "-s",
                                        "aligned",
                                        "--placement",
                                        "minimal",
                                        "--allow-restart",
                                        "--wait")
                                .request())
                .isEqualTo(expected);
        RescaleArguments longOptions =
                parse(
                        "--vertex=Sink: out",
                        "--parallelism=4",
                        "--strategy=aligned",
                        "--placement=minimal",
                        "--allow-restart",
                        "--wait",
                        "--json",
                        JOB);
        assertThat(longOptions.request()).isEqualTo(expected);
        assertThat(longOptions.await()).isTrue();
        assertThat(longOptions.json()).isTrue();
    }

    @Test
    void optionsOfTheStrategyAreCollected() throws Exception {
        assertThat(
                        parse(JOB, "-s", "megaphone", "--option", "units=8", "--option=pause=1 s")
                                .request()
                                .options())
                .isEqualTo(Map.of("units", "8", "pause", "1 s"));
        assertRejected("--option is \"units\": expected <key>=<value>", JOB, "--option", "units");
        assertRejected("--option is \"units=\"", JOB, "--option", "units=");
        assertRejected(
                "--option units was given twice", JOB, "--option=units=1", "--option", "units=2");
        assertRejected("so --option has no meaning", JOB, "--status", "--option=units=1");
    }

    @Test
    void aStrategyOfTheFileBringsItsOptions() throws Exception {
        RescaleDefaults file =
                new RescaleDefaults(
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.of("night"),
                        Optional.empty(),
                        Map.of("night", Map.of("base", "megaphone", "units", "4")));
        assertThat(parse(JOB, "--option", "units=2").withDefaults(file).request().options())
                .isEqualTo(Map.of("base", "megaphone", "units", "2"));
        assertThat(parse(JOB, "-s", "aligned").withDefaults(file).request().options()).isEmpty();
    }

    @Test
    void aDryRunIsARequestOfItsOwn() throws Exception {
        RescaleArguments arguments = parse(JOB, "-p", "4", "--dry-run");
        assertThat(arguments.view()).isEqualTo(RescaleArguments.View.DRY_RUN);
        assertThat(arguments.request().dryRun()).isTrue();
    }

    @Test
    void checkOnlyLooks() throws Exception {
        assertThat(parse(JOB, "--check", "--json").view())
                .isEqualTo(RescaleArguments.View.CHECK);
        assertRejected("--check only looks, so --parallelism", JOB, "--check", "-p", "4");
        assertRejected("--status only looks, so --check", JOB, "--check", "--status");
    }

    @Test
    void statusOnlyLooks() throws Exception {
        assertThat(parse(JOB, "--status", "--json").view())
                .isEqualTo(RescaleArguments.View.STATUS);
        assertRejected("--status only looks, so --parallelism", JOB, "--status", "-p", "4");
        assertRejected("--abort only stops", JOB, "--abort", "-p", "4");
        assertRejected("--abort only stops", JOB, "--abort", "--wait");
        assertRejected("--abort stops a rescale", JOB, "--abort", "--status");
        assertRejected("so --wait has no meaning", JOB, "--status", "--wait");
        assertRejected("--dry-run starts nothing", JOB, "--dry-run", "--wait");
    }

    @Test
    void aMissingOrMalformedJobIdIsExplained() {
        assertRejected("The job id is missing. `flink list` shows");
        assertRejected("The job id is missing", "-p", "4");
        assertRejected("\"KeyCount\" is not a job id: expected 32 hex", "KeyCount");
        assertRejected("\"4\" was not expected after the job id", JOB, "4");
    }

    @Test
    void theParallelismIsANumberOfAtLeastOne() {
        for (String bad : new String[] {"0", "-1", "x", "1.5", "99999999999"}) {
            assertRejected("-p is \"" + bad + "\": expected a number", JOB, "--parallelism=" + bad);
        }
        assertRejected("--parallelism has no value", JOB, "-p", " ");
    }

    @Test
    void unknownAndIncompleteOptionsAreNamed() {
        assertRejected("--paralellism", JOB, "--paralellism", "4");
        assertRejected("p", JOB, "-p");
        assertRejected("--vertex has no value", JOB, "-v", "");
    }

    @Test
    void theFileFillsInWhatIsLeftOut() throws Exception {
        RescaleDefaults file =
                new RescaleDefaults(
                        Optional.of("Counter"),
                        OptionalInt.of(4),
                        Optional.of("aligned"),
                        Optional.empty());
        assertThat(parse(JOB, "-p", "3").withDefaults(file).request())
                .isEqualTo(RescaleRequest.of("Counter", 3, "aligned", null, false, false));
    }

    private static RescaleArguments parse(String... args) throws CliArgsException {
        return RescaleArguments.parse(
                CliFrontendParser.parse(RescaleOption.all(), args, false));
    }

    private static void assertRejected(String part, String... args) {
        assertThatThrownBy(() -> parse(args))
                .isInstanceOf(CliArgsException.class)
                .hasMessageContaining(part);
    }
}
