package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.config.RescaleOptions;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;

/** A value expires when its time has come, wherever its key is by then, and not before. */
class TimeToLiveITCase {

    private static final long RECORDS = 30_000;
    private static final long TTL_MS = 150;

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({"HEAP,false", "HEAP,true", "ROCKSDB,true", "ROCKSDB_FULL,false"})
    void timeToLiveGoesOnAtTheNewOwner(Backend backend, boolean byReference) throws Exception {
        String run = "ttl-" + backend + byReference;
        Configuration configuration =
                backend.configure(RescalableCluster.configuration(directory));
        configuration.set(RescaleOptions.TRANSFER_BY_REFERENCE, byReference);
        // As small as it can be, so that there are files to be compacted, and filtered, all along.
        configuration.set(RocksDBConfigurableOptions.WRITE_BUFFER_SIZE, MemorySize.parse("64kb"));
        try (RescalableCluster cluster = new RescalableCluster(configuration, 4)) {
            StreamExecutionEnvironment env = Ids.environment(configuration);
            new Ids(run, RECORDS, 5_000)
                    .source(env, "SOURCE", 2)
                    .keyBy(Ids::key)
                    .process(new Expiring(run))
                    .name("KEYED")
                    .rebalance()
                    .sinkTo(new DiscardingSink<>());
            cluster.submit(env.getStreamGraph().getJobGraph());
            cluster.awaitRunning();
            Observations observed = Observations.of(run);
            RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
            Live.rescale(cluster, "KEYED", 4, 3, 1, 5);
            long before = observed.counted();
            RescalableCluster.waitUntil(
                    "values expire", () -> observed.counted() > before + 2 * Ids.KEYS);
            Pace.hurry(run);
            cluster.awaitResult();
            assertThat(observed.notes()).isEmpty();
        }
    }

    /** Creates a value whenever there is none, and checks that there is one as long as there should. */
    private static final class Expiring extends KeyedProcessFunction<Long, Long, Long> {

        private static final long serialVersionUID = 1L;

        private final String run;
        private transient ValueState<Long> expiring;
        private transient ValueState<Long> createdAfter;
        private transient ValueState<Long> createdBefore;

        private Expiring(String run) {
            this.run = run;
        }

        @Override
        public void open(OpenContext context) {
            ValueStateDescriptor<Long> withTtl = new ValueStateDescriptor<>("expiring", Types.LONG);
            withTtl.enableTimeToLive(
                    StateTtlConfig.newBuilder(Duration.ofMillis(TTL_MS))
                            .cleanupIncrementally(3, true)
                            .cleanupInRocksdbCompactFilter(1)
                            .build());
            expiring = getRuntimeContext().getState(withTtl);
            createdAfter = state("createdAfter");
            createdBefore = state("createdBefore");
        }

        private ValueState<Long> state(String name) {
            return getRuntimeContext().getState(new ValueStateDescriptor<>(name, Types.LONG));
        }

        @Override
        public void processElement(Long id, Context context, Collector<Long> out)
                throws Exception {
            long asked = System.currentTimeMillis();
            Long value = expiring.value();
            long answered = System.currentTimeMillis();
            Long after = createdAfter.value();
            Long before = createdBefore.value();
            if (value == null) {
                if (after != null && after + TTL_MS > answered) {
                    note(context, "expired after less than " + (answered - after) + " ms");
                }
                createdAfter.update(System.currentTimeMillis());
                expiring.update(id);
                createdBefore.update(System.currentTimeMillis());
                Observations.of(run).add(1);
            } else if (before + TTL_MS <= asked) {
                note(context, "alive after more than " + (asked - before) + " ms");
            }
            Observations.of(run).record();
            out.collect(id);
        }

        private void note(Context context, String what) {
            Observations.of(run).note("key " + context.getCurrentKey() + " " + what);
        }
    }
}
