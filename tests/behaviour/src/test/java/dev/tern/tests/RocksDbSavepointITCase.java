package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;

import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Savepoints of databases with scattered key groups are restored at every parallelism. */
class RocksDbSavepointITCase {

    private static final long RECORDS = 60_000;
    private static final double RATE = 5_000;

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "CANONICAL,ROCKSDB,3",
        "NATIVE,ROCKSDB,3",
        "NATIVE,ROCKSDB_IMPORT,5",
        "CANONICAL,ROCKSDB_FULL,5"
    })
    void aSavepointAfterAScaleInIsRestored(
            SavepointFormatType format, Backend backend, int restoredParallelism)
            throws Exception {
        String run = "rocksdb-savepoint-" + format + backend;
        Configuration configuration =
                backend.configure(RescalableCluster.configuration(directory));
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            cluster.submit(CountingJob.graph(configuration, run, RECORDS, RATE));
            cluster.awaitRunning();
            Observations observed = Observations.of(run);
            RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
            for (int parallelism : new int[] {4, 3}) {
                RescaleRecord rescale = cluster.rescale(CountingJob.COUNT, parallelism);
                assertThat(rescale.outcome())
                        .as("%s", rescale)
                        .isEqualTo(RescaleOutcome.COMPLETED);
            }
            String savepoint =
                    cluster.cluster()
                            .stopWithSavepoint(
                                    cluster.job(), directory.toUri().toString(), false, format)
                            .get(30, TimeUnit.SECONDS);
            cluster.awaitStatus(JobStatus.FINISHED);
            assertThat(observed.distinct()).isLessThan(RECORDS);

            cluster.restore(
                    CountingJob.graph(configuration, run, RECORDS, RATE, restoredParallelism),
                    savepoint);
            Pace.hurry(run);
            cluster.awaitResult();
            assertThat(observed.distinct()).isEqualTo(RECORDS);
            assertThat(observed.keysWithHoles()).isZero();
            assertThat(observed.duplicates()).isZero();
            assertThat(observed.notes()).isEmpty();
        }
    }
}
