package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.examples.MicroBenchmark;
import dev.tern.examples.Nexmark;
import dev.tern.examples.StatefulDemo;
import dev.tern.examples.StockExchange;
import dev.tern.examples.job.ExampleJob;
import dev.tern.examples.job.Launcher;
import dev.tern.examples.parameters.Parameters;
import dev.tern.examples.verify.Verification;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The example jobs find their own results right after their keyed vertices were rescaled live. */
class ExampleJobsITCase {

    @RegisterExtension static final SharedCluster SHARED = new SharedCluster();

    private static final long RECORDS = 20_000;
    private static final long HELD_AT = 7_500;

    @TempDir private Path directory;

    private record Case(ExampleJob job, boolean always, List<String> vertices, String... args) {

        @Override
        public String toString() {
            return job.name() + " " + String.join(" ", args);
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                        new Case(new StatefulDemo(), false, List.of("Splitter FlatMap")),
                        new Case(
                                new MicroBenchmark(),
                                true,
                                List.of("StateAccess"),
                                "--keys", "500", "--stateSizes", "UNIFORM", "--skew", "0.8"),
                        new Case(
                                new StockExchange(),
                                true,
                                List.of("Matching"),
                                "--stocks", "50"),
                        query("q1", false, "Currency"),
                        query("q2", false, "Selection"),
                        query("q3", false, "LocalItems"),
                        query("q4", true, "Closing", "Averages"),
                        query("q5", false, "BidCounts", "BestOfWindow"),
                        query("q6", false, "Closing", "Averages"),
                        query("q7", true, "HighestBids", "BestOfWindow"),
                        query("q8", false, "NewSellers"))
                .filter(tested -> tested.always() || Boolean.getBoolean("tern.conformance.full"));
    }

    private static Case query(String query, boolean always, String... vertices) {
        return new Case(
                new Nexmark(),
                always,
                List.of(vertices),
                "--query", query,
                "--eventRate", "1000",
                "--auctionSkip", "5",
                "--windowSize", "2",
                "--windowStep", "500",
                "--outOfOrderGroupSize", "7");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void resultsAreRightAcrossLiveRescales(Case tested) throws Exception {
        List<String> args = new ArrayList<>(List.of(tested.args()));
        args.addAll(
                List.of(
                        "--limit", Long.toString(RECORDS),
                        "--rate", "5000",
                        "--startDelay", "0",
                        "--sinkInterval", "0",
                        "--sourcePar", "2",
                        "--opPar", "2",
                        "--output", directory.resolve("output").toString()));
        Parameters parameters = tested.job().declare().parse(args.toArray(new String[0]));
        String run = tested.toString();
        Configuration configuration = new Configuration(SHARED.configuration());
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        HeldInput environment = new HeldInput(configuration, run, HELD_AT);
        environment.setBufferTimeout(5);
        tested.job().build(environment, parameters);

        RescalableCluster cluster = SHARED.cluster();
        cluster.submit(environment.getStreamGraph().getJobGraph());
        cluster.awaitRunning();
        cluster.awaitTasks();
        for (String vertex : tested.vertices()) {
            Live.rescale(cluster, vertex, 3, 2);
        }
        HeldInput.release(run);
        cluster.awaitResult();

        Verification verification = tested.job().verify(parameters);
        assertThat(verification.text()).startsWith("Verified: ");
        assertThat(verification.results()).isPositive();
    }
}
