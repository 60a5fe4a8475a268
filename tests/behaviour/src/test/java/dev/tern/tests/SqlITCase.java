package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;

import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Queries whose keyed vertex grows and shrinks put out what they would have put out anyway. */
class SqlITCase {

    private static final Map<String, String> PLAIN = Map.of();
    private static final Map<String, String> ONE_PHASE =
            Map.of("table.optimizer.agg-phase-strategy", "ONE_PHASE");
    private static final Map<String, String> MINI_BATCH =
            Map.of(
                    "table.exec.mini-batch.enabled", "true",
                    "table.exec.mini-batch.allow-latency", "200 ms",
                    "table.exec.mini-batch.size", "400");
    private static final Map<String, String> MINI_BATCH_ONE_PHASE = with(MINI_BATCH, ONE_PHASE);
    private static final Map<String, String> ASYNC =
            with(ONE_PHASE, Map.of("table.exec.async-state.enabled", "true"));

    private static final String GROUP =
            "SELECT k, COUNT(*), SUM(v), MAX(v), COUNT(DISTINCT v) FROM L GROUP BY k";
    private static final String TUMBLE =
            "SELECT k, window_start, COUNT(*), SUM(v) FROM TABLE("
                    + "TUMBLE(TABLE L, DESCRIPTOR(ts), INTERVAL '0.5' SECOND))"
                    + " GROUP BY k, window_start, window_end";
    private static final String JOIN = "SELECT L.id, R.id, R.v FROM L JOIN R ON L.id = R.id";

    /** No two keys of one half have the same count in the end. */
    private static final String COUNTS =
            "(SELECT MOD(k, 2) AS half, k, COUNT(*) AS n FROM L WHERE MOD(id / 61, 130) >= k"
                    + " GROUP BY MOD(k, 2), k)";

    /** What is compared: every change, where each key's changes have one order, or the result. */
    private enum Compared {
        CHANGES,
        ROWS
    }

    enum Query {
        GROUP_AGGREGATE("GroupAggregate[", GROUP, PLAIN, Compared.CHANGES),
        GROUP_AGGREGATE_MINI_BATCH("GlobalGroupAggregate[", GROUP, MINI_BATCH, Compared.ROWS),
        GROUP_AGGREGATE_MINI_BATCH_ONE_PHASE(
                "GroupAggregate[", GROUP, MINI_BATCH_ONE_PHASE, Compared.ROWS),
        GROUP_AGGREGATE_ASYNC("GroupAggregate[", GROUP, ASYNC, Compared.CHANGES),
        TUMBLING("GlobalWindowAggregate[", TUMBLE, PLAIN, Compared.CHANGES),
        TUMBLING_ONE_PHASE("WindowAggregate[", TUMBLE, ONE_PHASE, Compared.CHANGES),
        TUMBLING_ASYNC("WindowAggregate[", TUMBLE, ASYNC, Compared.CHANGES),
        HOPPING(
                "GlobalWindowAggregate[",
                "SELECT k, window_start, COUNT(*), SUM(v) FROM TABLE(HOP(TABLE L, DESCRIPTOR(ts),"
                        + " INTERVAL '0.2' SECOND, INTERVAL '0.6' SECOND))"
                        + " GROUP BY k, window_start, window_end",
                PLAIN,
                Compared.CHANGES),
        CUMULATING(
                "WindowAggregate[",
                "SELECT k, window_start, window_end, COUNT(*), SUM(v) FROM TABLE("
                        + "CUMULATE(TABLE L, DESCRIPTOR(ts), INTERVAL '0.2' SECOND,"
                        + " INTERVAL '0.8' SECOND))"
                        + " GROUP BY k, window_start, window_end",
                ONE_PHASE,
                Compared.CHANGES),
        SESSION(
                "WindowAggregate[",
                "SELECT k, window_start, window_end, COUNT(*), SUM(v) FROM TABLE("
                        + "SESSION(TABLE GAPS PARTITION BY k, DESCRIPTOR(ts), INTERVAL '0.12' SECOND))"
                        + " GROUP BY k, window_start, window_end",
                PLAIN,
                Compared.CHANGES),
        REGULAR_JOIN("Join[", JOIN, PLAIN, Compared.CHANGES),
        REGULAR_JOIN_MINI_BATCH("Join[", JOIN, MINI_BATCH, Compared.ROWS),
        INTERVAL_JOIN(
                "IntervalJoin[",
                "SELECT L.id, R.id FROM L JOIN R ON L.k = R.k AND R.ts BETWEEN"
                        + " L.ts - INTERVAL '0.2' SECOND AND L.ts + INTERVAL '0.1' SECOND",
                PLAIN,
                Compared.CHANGES),
        DEDUPLICATE_FIRST(
                "Deduplicate[",
                "SELECT k, v, id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k, MOD(v, 50)"
                        + " ORDER BY ts ASC) AS rn FROM L) WHERE rn = 1",
                PLAIN,
                Compared.ROWS),
        DEDUPLICATE_LAST_MINI_BATCH(
                "Deduplicate[",
                "SELECT k, v, id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k, MOD(v, 50)"
                        + " ORDER BY ts DESC) AS rn FROM L) WHERE rn = 1",
                MINI_BATCH,
                Compared.ROWS),
        TOP_N(
                "Rank[",
                "SELECT k, v, id, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k"
                        + " ORDER BY v DESC, id) AS rn FROM L) WHERE rn <= 5",
                PLAIN,
                Compared.CHANGES),
        TOP_1_OF_COUNTS(
                "Rank[",
                "SELECT half, k, n FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k, half"
                        + " ORDER BY n DESC) AS rn FROM "
                        + COUNTS
                        + ") WHERE rn = 1",
                PLAIN,
                Compared.ROWS),
        TOP_N_OF_COUNTS(
                "Rank[",
                "SELECT half, k, n, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY half"
                        + " ORDER BY n DESC) AS rn FROM "
                        + COUNTS
                        + ") WHERE rn <= 3",
                PLAIN,
                Compared.ROWS);

        private final String vertex;
        private final String sql;
        private final Map<String, String> settings;
        private final Compared compared;

        Query(String vertex, String sql, Map<String, String> settings, Compared compared) {
            this.vertex = vertex;
            this.sql = sql;
            this.settings = settings;
            this.compared = compared;
        }

        private Map<String, Long> output(String run) {
            Changelog changelog = Changelog.of(run);
            return compared == Compared.CHANGES ? changelog.changes() : changelog.rows();
        }
    }

    @TempDir private static Path directory;

    private static Configuration configuration;
    private static RescalableCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        configuration = RescalableCluster.configuration(directory);
        cluster = new RescalableCluster(configuration, 4);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    /** Those that differ in what they do to keyed state. */
    private static final Set<Query> CORE_ON_ROCKSDB =
            EnumSet.of(
                    Query.GROUP_AGGREGATE_MINI_BATCH,
                    Query.GROUP_AGGREGATE_ASYNC,
                    Query.SESSION,
                    Query.TOP_N_OF_COUNTS);

    static Stream<Arguments> cases() {
        return Stream.of(Backend.HEAP, Backend.ROCKSDB, Backend.ROCKSDB_FULL)
                .flatMap(
                        backend ->
                                Stream.of(Query.values())
                                        .filter(query -> isInSuite(query, backend))
                                        .map(query -> Arguments.of(query, backend)));
    }

    private static boolean isInSuite(Query query, Backend backend) {
        return Suite.isFull()
                || backend == Backend.HEAP
                || backend == Backend.ROCKSDB && CORE_ON_ROCKSDB.contains(query);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void growsAndShrinks(Query query, Backend backend) throws Exception {
        String run = "sql-" + query + "-" + backend;
        Configuration configuration = backend.inJob(SqlITCase.configuration);
        cluster.submit(SqlJob.graph(configuration, run, query.sql, query.settings));
        cluster.awaitRunning();
        awaitFurtherRecords(run);
        // Units leave, are changed elsewhere, and some of them return to where they were.
        for (int parallelism : new int[] {4, 2, 3}) {
            RescaleRecord rescale = cluster.rescale(query.vertex, parallelism);
            assertThat(rescale.outcome())
                    .as("%s", rescale.error())
                    .isEqualTo(RescaleOutcome.COMPLETED);
            awaitFurtherRecords(run);
        }
        assertThat(cluster.restarts(query.vertex)).isZero();
        Pace.hurry(run);
        cluster.awaitResult();

        String reference = run + "-reference";
        Pace.hurry(reference);
        cluster.submit(SqlJob.graph(configuration, reference, query.sql, query.settings));
        cluster.awaitResult();
        assertThat(query.output(reference)).isNotEmpty();
        assertThat(query.output(run)).isEqualTo(query.output(reference));
    }

    private static void awaitFurtherRecords(String run) throws Exception {
        Observations observed = Observations.of(run);
        long before = observed.records();
        RescalableCluster.waitUntil("records flow", () -> observed.records() > before + 1_000);
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(some);
        all.putAll(more);
        return all;
    }
}
