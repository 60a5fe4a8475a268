package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.plan.Move;
import dev.tern.rescale.request.RefusalKind;
import dev.tern.rescale.request.RescaleAnswer;
import dev.tern.rescale.request.RescaleCall;
import dev.tern.rescale.request.RescaleOutcome;
import dev.tern.rescale.request.RescaleRecord;
import dev.tern.rescale.request.RescaleRequest;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * What tells strategies apart, as the tasks see it: in which steps routes are switched and key groups
 * move. Each case is such that another strategy in the place of the named one fails it.
 */
class StrategyTraceITCase {

    private static final long RECORDS = 200_000;
    private static final double RATE = 5_000;

    /** Half of the 64 key groups of the job go from 2 subtasks to 4. */
    private static final int MOVES = 32;

    @TempDir private Path directory;

    private RescalableCluster cluster;
    private Observations observed;
    private String run;

    /** Steps in which upstream tasks switched their routes. */
    private final Set<Integer> switched = new ConcurrentSkipListSet<>();

    /** What moved in each step, by key group. */
    private final Map<Integer, Map<Integer, Move>> moved = new ConcurrentSkipListMap<>();

    @BeforeEach
    void start(TestInfo test) throws Exception {
        run = "trace-" + test.getTestMethod().orElseThrow().getName();
        Configuration configuration = RescalableCluster.configuration(directory);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(100));
        configuration.setString("rescale.strategies.by-twos.base", "megaphone");
        configuration.setString("rescale.strategies.by-twos.units", "2");
        cluster = new RescalableCluster(configuration, 4);
        JobGraph graph = CountingJob.graph(configuration, run, RECORDS, RATE);
        Injection.of(graph.getJobID()).rewrite(this::seen);
        cluster.submit(graph);
        cluster.awaitRunning();
        observed = Observations.of(run);
        RescalableCluster.waitUntil("records flow", () -> observed.records() > 500);
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    private TaskCommand seen(TaskCommand command) {
        if (command instanceof TaskCommand.SwitchRoutes routes) {
            switched.add(routes.step());
        } else if (command instanceof TaskCommand.BeginStep begin) {
            Map<Integer, Move> moves =
                    moved.computeIfAbsent(
                            begin.step().index(), ignored -> new ConcurrentSkipListMap<>());
            begin.step().moves().forEach(move -> moves.put(move.keyGroup(), move));
        }
        return command;
    }

    @Test
    void megaphoneSwitchesRoutesOncePerBatch() throws Exception {
        completed("megaphone", Map.of("units", "12"));
        assertThat(switched).containsExactly(0, 1, 2);
        assertThat(unitsByStep()).containsExactly(12, 12, 8);
        forget();
        rescale(2, "aligned", Map.of());
        assertThat(switched).containsExactly(0);
        finish();
    }

    @Test
    void matchingTouchesEachSubtaskOnceEachWay() throws Exception {
        completed("megaphone", Map.of("scheduler", "matching"));
        assertThat(unitsByStep()).hasSize(MOVES / 2).containsOnly(2);
        assertThat(moved.values())
                .allSatisfy(
                        step -> {
                            assertThat(step.values()).extracting(Move::from).containsOnlyOnce(0, 1);
                            assertThat(step.values()).extracting(Move::to).containsOnlyOnce(2, 3);
                        });
        finish();
    }

    @Test
    void aStrategyOfTheConfigurationIsLikeABuiltInOne() throws Exception {
        completed("by-twos", Map.of("order", "random", "seed", "5"));
        assertThat(unitsByStep()).hasSize(MOVES / 2).containsOnly(2);
        List<Integer> keyGroups =
                moved.values().stream().flatMap(step -> step.keySet().stream()).toList();
        assertThat(keyGroups).doesNotHaveDuplicates().hasSize(MOVES).isNotEqualTo(
                keyGroups.stream().sorted().toList());
        finish();
    }

    @Test
    void aPauseLetsCheckpointsThroughAndEndsWithAnAbort() throws Exception {
        String id =
                cluster.accepted(request(4, "megaphone", Map.of("units", "8", "pause", "1 h")));
        RescalableCluster.waitUntil(
                "the first step is over",
                () -> cluster.record(id).volume().keyGroupsMoved() == 8,
                () -> cluster.record(id));
        // One that is triggered after this has to come in the pause.
        cluster.awaitCheckpoint();
        cluster.awaitCheckpoint();
        assertThat(cluster.record(id).state()).isEqualTo(RescaleState.MIGRATE);
        assertThat(switched).containsExactly(0);
        assertThat(cluster.call(new RescaleCall.Abort()))
                .isInstanceOf(RescaleAnswer.Accepted.class);
        RescaleRecord rescale = cluster.awaitEnd(id);
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.ABORTED);
        assertThat(rescale.error()).contains("Stopped after step 1 of 4: 8 of 32 key groups");
        finish();
    }

    @Test
    void whatCannotBeDoneIsRefusedAndHarmsNothing() throws Exception {
        assertRefused("megaphone", Map.of("order", "hot-first"), "which are not measured");
        assertRefused("megaphone", Map.of("unit", "8"), "Did you mean units?");
        assertRefused("megaphone", Map.of("units", "none"), "1 to 32768");
        assertRefused("aligned", Map.of("pause", "1 s"), "no option pause");
        assertRefused("restart", Map.of("units", "8"), "has no options");
        assertRefused("meces", Map.of(), "Known are: aligned, by-twos, drrs, megaphone, restart");
        finish();
    }

    private void assertRefused(String strategy, Map<String, String> options, String part)
            throws Exception {
        RescaleAnswer answer =
                cluster.call(new RescaleCall.Submit(request(4, strategy, options)));
        assertThat(answer).isInstanceOf(RescaleAnswer.Refused.class);
        RescaleAnswer.Refused refused = (RescaleAnswer.Refused) answer;
        assertThat(refused.kind()).isEqualTo(RefusalKind.BAD_REQUEST);
        assertThat(refused.sentence()).contains(part);
    }

    private void completed(String strategy, Map<String, String> options) throws Exception {
        rescale(4, strategy, options);
        assertThat(moved.values().stream().mapToInt(Map::size).sum()).isEqualTo(MOVES);
    }

    private void rescale(int parallelism, String strategy, Map<String, String> options)
            throws Exception {
        RescaleRecord rescale = cluster.rescale(request(parallelism, strategy, options));
        assertThat(rescale.outcome()).as("%s", rescale).isEqualTo(RescaleOutcome.COMPLETED);
        assertThat(rescale.strategy()).isEqualTo(strategy);
        assertThat(rescale.options()).isEqualTo(new TreeMap<>(options));
    }

    private static RescaleRequest request(
            int parallelism, String strategy, Map<String, String> options) {
        return RescaleRequest.of(CountingJob.COUNT, parallelism, strategy, null, false, false)
                .withOptions(options);
    }

    private List<Integer> unitsByStep() {
        return moved.values().stream().map(Map::size).toList();
    }

    private void forget() {
        switched.clear();
        moved.clear();
    }

    private void finish() throws Exception {
        assertThat(cluster.restarts(CountingJob.CHECK)).isZero();
        Pace.hurry(run);
        cluster.awaitResult();
        assertThat(observed.distinct()).isEqualTo(RECORDS);
        assertThat(observed.keysWithHoles()).isZero();
        assertThat(observed.duplicates()).isZero();
    }
}
