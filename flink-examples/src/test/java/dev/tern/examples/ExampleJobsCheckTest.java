package dev.tern.examples;

import org.apache.flink.configuration.Configuration;

import dev.tern.client.check.JarCheck;
import dev.tern.client.check.JarCheckArguments;
import dev.tern.client.check.JarReport;
import dev.tern.rescale.request.CheckReport.Verdict;
import dev.tern.rescale.request.CheckReport.VertexCheck;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import static org.assertj.core.api.Assertions.assertThat;

/** The keyed vertices of every job can be rescaled live, as {@code flink rescale --check} says. */
class ExampleJobsCheckTest {

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "StatefulDemo, , Splitter FlatMap",
        "MicroBenchmark, , StateAccess",
        "StockExchange, , Matching",
        "Nexmark, q1, Currency",
        "Nexmark, q2, Selection",
        "Nexmark, q3, LocalItems",
        "Nexmark, q4, Closing;Averages",
        "Nexmark, q5, BidCounts;BestOfWindow",
        "Nexmark, q6, Closing;Averages",
        "Nexmark, q7, HighestBids;BestOfWindow",
        "Nexmark, q8, NewSellers"
    })
    void keyedVerticesAreLive(String job, String query, String vertices) throws Exception {
        List<String> args = new ArrayList<>(List.of("--opPar", "2"));
        if (query != null) {
            args.addAll(List.of("--query", query));
        }
        List<VertexCheck> checks =
                report(job, args).vertices().stream().map(JarReport.PlannedVertex::check).toList();
        for (String name : vertices.split(";")) {
            assertThat(checks)
                    .filteredOn(check -> check.vertexName().startsWith(name))
                    .singleElement()
                    .satisfies(
                            check -> {
                                assertThat(check.more().verdict()).isEqualTo(Verdict.LIVE);
                                assertThat(check.fewer().verdict()).isEqualTo(Verdict.LIVE);
                                assertThat(check.parallelism()).isEqualTo(2);
                            });
        }
    }

    private JarReport report(String job, List<String> args) throws Exception {
        Path jar = directory.resolve("job.jar");
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, new Manifest()).close();
        }
        return JarCheck.of(
                new JarCheckArguments(
                        jar,
                        "dev.tern.examples." + job,
                        List.of(
                                KeyCount.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()),
                        1,
                        args),
                new Configuration());
    }
}
