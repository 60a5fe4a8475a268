package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;
import dev.tern.rescale.config.TransferOptions;
import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.control.TaskCommand.OwnerAddress;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;
import dev.tern.rescale.transfer.TransferEndpoint;
import dev.tern.tests.TransferProxy.Harm;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * The network between owners fails. While they greet each other nothing has changed yet and the
 * rescale is undone; while units travel the job goes back to its last checkpoint.
 */
class TransferFaultsITCase {

    private static final long RECORDS = 60_000;
    private static final double RATE = 5_000;
    private static final int GREETING = 0;
    private static final int UNITS = 1;

    @TempDir private static Path directory;

    private static Path temporary;
    private static Configuration configuration;
    private static RescalableCluster cluster;

    private final List<TransferProxy> proxies = new CopyOnWriteArrayList<>();
    private Injection injection;

    @BeforeAll
    static void start() throws Exception {
        configuration = RescalableCluster.configuration(directory);
        configuration.set(RescaleOptions.TRANSFER_BY_REFERENCE, false);
        configuration.set(TransferOptions.TIMEOUT, Duration.ofSeconds(1));
        temporary = Files.createDirectories(directory.resolve("tmp"));
        configuration.set(CoreOptions.TMP_DIRS, temporary.toString());
        cluster = new RescalableCluster(configuration, 4);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @AfterEach
    void endJob() throws Exception {
        cluster.endJob();
    }

    @ParameterizedTest
    @CsvSource({"REFUSE,0", "CUT,10", "DAMAGE,26", "STALL,0"})
    void aGreetingThatFailsIsUndone(Harm harm, int offset) throws Exception {
        String run = "greeting-" + harm;
        RescaleRecord rescale = rescaleThrough(run, harm, GREETING, offset);
        assertThat(injection.hits()).first().isEqualTo(RescaleState.PREPARE_OWNERS);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.ABORTED);
        assertThat(rescale.error()).contains("refused BeginStep: Fetching 1 units");
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(2);
        assertThat(cluster.upperBound(CountingJob.COUNT)).isEqualTo(2);
        assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
        finish(run);
        assertThat(Observations.of(run).duplicates()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"REFUSE,0", "CUT,300", "DAMAGE,300", "STALL,300"})
    void unitsThatGetLostLeadToARestart(Harm harm, int offset) throws Exception {
        String run = "units-" + harm;
        RescaleRecord rescale = rescaleThrough(run, harm, UNITS, offset);
        // The request for units is made beforehand; it is refused while owners still get ready.
        assertThat(injection.hits())
                .first()
                .isIn(RescaleState.PREPARE_OWNERS, RescaleState.MIGRATE);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.FAILED);
        assertThat(rescale.state()).isEqualTo(RescaleState.RESTARTED);
        RescalableCluster.waitUntil(
                "the job runs again", () -> cluster.restarts(CountingJob.CHECK) > 0);
        assertThat(cluster.parallelism(CountingJob.COUNT)).isEqualTo(4);
        finish(run);
    }

    private RescaleRecord rescaleThrough(String run, Harm harm, int connection, int offset)
            throws Exception {
        JobGraph graph = CountingJob.graph(configuration, run, RECORDS, RATE);
        injection = Injection.of(graph.getJobID());
        cluster.submit(graph);
        cluster.awaitRunning();
        RescalableCluster.waitUntil(
                "records flow", () -> Observations.of(run).records() > 300);
        cluster.awaitCheckpoint();
        injection.rewrite(
                command ->
                        command instanceof TaskCommand.BeginStep begin
                                ? new TaskCommand.BeginStep(
                                        begin.step(),
                                        behindProxies(begin.owners(), harm, connection, offset))
                                : command);
        RescaleRecord rescale =
                cluster.rescale(
                        RescaleRequest.of(CountingJob.COUNT, 4, null, null, false, false));
        injection.rewrite(UnaryOperator.identity());
        return rescale;
    }

    private Map<Integer, OwnerAddress> behindProxies(
            Map<Integer, OwnerAddress> owners, Harm harm, int connection, int offset) {
        Map<Integer, OwnerAddress> behind = new HashMap<>();
        owners.forEach(
                (subtask, owner) -> {
                    TransferEndpoint at = owner.endpoint();
                    try {
                        TransferProxy proxy =
                                new TransferProxy(
                                        at.host(),
                                        at.port(),
                                        harm,
                                        connection,
                                        offset,
                                        injection::hit);
                        proxies.add(proxy);
                        behind.put(
                                subtask,
                                new OwnerAddress(
                                        owner.process(),
                                        owner.attempt(),
                                        new TransferEndpoint(
                                                proxy.host(), proxy.port(), at.token())));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        return behind;
    }

    private void finish(String run) throws Exception {
        for (TransferProxy proxy : proxies) {
            proxy.close();
        }
        assertThat(
                        cluster.rescaleWhenRunning(
                                        RescaleRequest.of(
                                                CountingJob.COUNT, 3, null, null, false, false))
                                .outcome())
                .isEqualTo(RescaleOutcome.COMPLETED);
        Pace.hurry(run);
        cluster.awaitResult();
        Observations observed = Observations.of(run);
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.notes()).isEmpty();
        Leaks.assertNone(cluster, temporary);
    }
}
