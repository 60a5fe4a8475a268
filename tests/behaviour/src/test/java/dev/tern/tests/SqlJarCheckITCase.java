package dev.tern.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.client.check.JarCheck;
import dev.tern.client.check.JarCheckArguments;
import dev.tern.client.check.JarReport;
import dev.tern.client.check.JarReport.PlannedVertex;
import dev.tern.rescale.request.CheckReport.Verdict;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.IntStream;

/** {@code flink rescale --check} of programs with SQL names the line that executes it. */
class SqlJarCheckITCase {

    private static final Path SOURCE =
            Path.of("src/test/java", SqlJarCheckITCase.class.getName().replace('.', '/') + ".java");

    @TempDir private Path directory;

    @Test
    void aStatementHasTheLineThatExecutesIt() throws Exception {
        JarReport report = check(Statements.class);
        PlannedVertex source = vertex(report, "Source: numbers");
        assertThat(source.check().more().verdict()).isEqualTo(Verdict.RESTART);
        assertThat(source.check().more().reasons())
                .contains(at("INSERT", "executeSql") + "It is a source.");
        PlannedVertex groups = vertex(report, "GroupAggregate");
        assertThat(groups.check().more().verdict()).isEqualTo(Verdict.LIVE);
        assertThat(groups.check().fewer().verdict()).isEqualTo(Verdict.LIVE);
    }

    @Test
    void aTableThatBecomesAStreamHasTheLineThatTurnsIt() throws Exception {
        JarReport report = check(Mixed.class);
        assertThat(vertex(report, "Source: numbers").check().more().reasons())
                .contains(at("STREAM", "toChangelogStream") + "It is a source.");
        assertThat(vertex(report, "GroupAggregate").check().more().reasons())
                .singleElement()
                .asString()
                .startsWith(at("MAP", "map"))
                .contains("pointwise RESCALE edge");
    }

    /** Nothing but SQL. */
    public static final class Statements {

        private Statements() {}

        public static void main(String[] args) {
            TableEnvironment tables =
                    TableEnvironment.create(EnvironmentSettings.inStreamingMode());
            tables.executeSql(NUMBERS);
            tables.executeSql(
                    "CREATE TABLE counts (k BIGINT, n BIGINT) WITH ('connector' = 'print')");
            tables.executeSql( // INSERT
                    "INSERT INTO counts " + COUNTS);
        }
    }

    /** SQL and streams. */
    public static final class Mixed {

        private Mixed() {}

        public static void main(String[] args) throws Exception {
            StreamExecutionEnvironment env =
                    StreamExecutionEnvironment.getExecutionEnvironment();
            StreamTableEnvironment tables = StreamTableEnvironment.create(env);
            tables.executeSql(NUMBERS);
            DataStream<Row> counts =
                    tables.toChangelogStream( // STREAM
                            tables.sqlQuery(COUNTS));
            counts.rescale()
                    .map(row -> row.getKind().name()) // MAP
                    .setParallelism(3)
                    .sinkTo(new DiscardingSink<>());
            env.execute("mixed");
        }
    }

    private static final String NUMBERS =
            "CREATE TABLE numbers (id BIGINT) WITH ('connector' = 'datagen')";
    private static final String COUNTS =
            "SELECT MOD(id, 7) AS k, COUNT(*) AS n FROM numbers GROUP BY MOD(id, 7)";

    private JarReport check(Class<?> main) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        Path jar = directory.resolve("job.jar");
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, manifest).close();
        }
        return JarCheck.of(
                new JarCheckArguments(
                        jar,
                        main.getName(),
                        List.of(main.getProtectionDomain().getCodeSource().getLocation()),
                        2,
                        List.of()),
                new Configuration());
    }

    private static PlannedVertex vertex(JarReport report, String name) {
        return report.vertices().stream()
                .filter(vertex -> vertex.check().vertexName().contains(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + report));
    }

    private static String at(String mark, String call) throws Exception {
        List<String> lines = Files.readAllLines(SOURCE);
        int line =
                IntStream.range(0, lines.size())
                        .filter(i -> lines.get(i).endsWith("// " + mark))
                        .findFirst()
                        .orElseThrow();
        return String.format("%s:%d: .%s(...): ", SOURCE.getFileName(), line + 1, call);
    }
}
