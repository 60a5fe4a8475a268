package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Beyond 128 key groups databases name them in two bytes; 32768 is the most there can be. Every kind
 * of state and every timer moves, and comes back after a failure.
 */
class ManyKeyGroupsITCase {

    private static final long RECORDS = 20_000;
    private static final double RATE = 3_000;

    @TempDir private Path directory;

    static Stream<Arguments> keyGroups() {
        Stream<Arguments> core =
                Stream.of(
                        Arguments.of(129, Backend.ROCKSDB_HEAP_TIMERS, "minimal"),
                        Arguments.of(32768, Backend.ROCKSDB, "contiguous"));
        Stream<Arguments> more =
                Stream.of(
                        Arguments.of(1000, Backend.ROCKSDB_IMPORT, "minimal"),
                        Arguments.of(32768, Backend.HEAP, "contiguous"));
        return Suite.isFull() ? Stream.concat(core, more) : core;
    }

    @ParameterizedTest
    @MethodSource("keyGroups")
    void everythingMovesAndComesBack(int keyGroups, Backend backend, String placement)
            throws Exception {
        String run = "many-" + keyGroups + backend;
        Configuration configuration =
                backend.configure(RescalableCluster.configuration(directory));
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            StreamExecutionEnvironment env = Ids.environment(configuration);
            env.setMaxParallelism(keyGroups);
            new Ids(run, RECORDS, RATE)
                    .source(env, "SOURCE", 2)
                    .keyBy(Ids::key)
                    .process(new EveryStateFunction(run))
                    .name("KEYED")
                    .rebalance()
                    .map(new Failing(run))
                    .name("FAILING")
                    .sinkTo(new DiscardingSink<>());
            cluster.submit(env.getStreamGraph().getJobGraph());
            cluster.awaitRunning();
            Observations observed = Observations.of(run);
            RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
            Live.rescaleTo(cluster, placement, "KEYED", 4, 3);
            cluster.awaitCheckpoint();
            int before = cluster.restarts("FAILING");
            Failures.arm(run, 1);
            RescalableCluster.waitUntil(
                    "the job restarts", () -> cluster.restarts("FAILING") > before);
            cluster.awaitRunning();
            cluster.awaitTasks();
            assertThat(cluster.parallelism("KEYED")).isEqualTo(3);
            Live.rescaleTo(cluster, placement, "KEYED", 5);
            Pace.hurry(run);
            cluster.awaitResult();
            assertThat(observed.notes()).isEmpty();
            assertThat(observed.fired("event")).isEqualTo(RECORDS);
        }
    }

    private static final class Failing extends RichMapFunction<Long, Long> {

        private static final long serialVersionUID = 1L;

        private final String run;
        private transient int subtask;

        private Failing(String run) {
            this.run = run;
        }

        @Override
        public void open(OpenContext context) {
            subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        }

        @Override
        public Long map(Long id) {
            Failures.maybeFail(run, subtask);
            return id;
        }
    }
}
