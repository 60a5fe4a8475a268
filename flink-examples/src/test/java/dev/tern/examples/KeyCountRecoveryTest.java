package dev.tern.examples;

import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

import dev.tern.examples.job.Launcher;
import dev.tern.examples.measure.ArrivalLog;
import dev.tern.examples.measure.KeySequence;
import dev.tern.examples.measure.OracleCheck;
import dev.tern.examples.measure.ResultFiles;
import dev.tern.examples.measure.RunAnalysis;
import dev.tern.examples.measure.Schedule;
import dev.tern.examples.measure.Words;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Takes the TaskManager away from a running KeyCount. */
@Timeout(90)
class KeyCountRecoveryTest {

    private static final int WORDS = 6000;

    @TempDir private Path directory;

    @Test
    void countsAreExactAndLatencyIsMeasuredFromTheFirstDueTime() throws Exception {
        Path log = directory.resolve("log");
        Path output = directory.resolve("output");
        MiniClusterConfiguration oneTaskManager =
                new MiniClusterConfiguration.Builder()
                        .setNumTaskManagers(1)
                        .setNumSlotsPerTaskManager(2)
                        .withRandomPorts()
                        .build();
        try (MiniCluster cluster = new MiniCluster(oneTaskManager)) {
            cluster.start();
            JobGraph job = job(log, output);
            cluster.submitJob(job).get();
            awaitArrivals(log);
            awaitCheckpoint(cluster, job.getJobID());
            cluster.terminateTaskManager(0).get();
            cluster.startTaskManager();
            cluster.requestJobResult(job.getJobID()).get().toJobExecutionResult(null);
        }

        KeySequence keys = new KeySequence(1, 20, 0, 0);
        ArrivalLog arrivals = ArrivalLog.read(log);
        Schedule schedule = Schedule.read(log);
        assertThat(files(log)).hasSizeGreaterThan(1);
        for (int i = 0; i < arrivals.size(); i++) {
            assertThat(arrivals.scheduledMicros(i))
                    .isEqualTo(schedule.scheduledMicros(arrivals.recordId(i)));
        }
        RunAnalysis run = RunAnalysis.of(arrivals, schedule, WORDS);
        assertThat(run.delivery().lost()).isZero();
        assertThat(run.delivery().outOfOrder()).isZero();
        assertThat(run.delivery().wrongCounts()).isZero();
        assertThat(OracleCheck.of(arrivals, id -> Words.hash(Words.ofKey(keys.key(id))), WORDS))
                .isEqualTo(new OracleCheck(WORDS, 20, 0, 0));
        Map<String, Long> counts = new HashMap<>();
        for (int id = 0; id < WORDS; id++) {
            counts.merge(Words.ofKey(keys.key(id)), 1L, Long::sum);
        }
        assertThat(ResultFiles.differences(output, counts)).isEmpty();
    }

    private static JobGraph job(Path log, Path output) {
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
        String[] args = {
            "--input", "generator",
            "--limit", String.valueOf(WORDS),
            "--keys", "20",
            "--rate", "1500",
            "--counterPar", "2",
            "--sinkInterval", "0",
            "--checkpointInterval", "100",
            "--output", output.toString(),
            "--latencyDir", log.toString()
        };
        KeyCount job = new KeyCount();
        return Launcher.build(job, job.declare().parse(args), configuration)
                .getStreamGraph()
                .getJobGraph();
    }

    private static void awaitArrivals(Path log) throws Exception {
        while (!Schedule.existsIn(log) || ArrivalLog.read(log).size() == 0) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static void awaitCheckpoint(MiniCluster cluster, JobID job) throws Exception {
        while (true) {
            try {
                cluster.triggerCheckpoint(job).get();
                return;
            } catch (ExecutionException notNow) {
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private static List<Path> files(Path log) throws Exception {
        try (Stream<Path> files = Files.list(log)) {
            return files.filter(file -> file.toString().endsWith(".bin")).toList();
        }
    }
}
