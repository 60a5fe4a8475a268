package dev.tern.rescale.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.plan.MigrationScheduler;
import dev.tern.rescale.plan.MigrationView;
import dev.tern.rescale.plan.Move;
import dev.tern.rescale.plan.PlacementPlanner;

import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import javax.tools.ToolProvider;

/** A scheduler that somebody compiled and dropped into the plugins of a distribution. */
class PluginPoliciesTest {

    private static final String SOURCE =
            """
            package somebody.elses;

            import dev.tern.rescale.plan.*;
            import java.util.*;
            import org.apache.flink.configuration.ReadableConfig;

            public class Backwards implements MigrationScheduler {
                public String name() {
                    return "backwards";
                }

                public List<List<Move>> schedule(MigrationView view, ReadableConfig options) {
                    List<List<Move>> steps = new ArrayList<>();
                    view.moves().forEach(move -> steps.add(0, List.of(move)));
                    return steps;
                }
            }
            """;

    @TempDir private Path directory;

    @BeforeEach
    void dropTheJar() throws Exception {
        Path sources = Files.createDirectories(directory.resolve("src/somebody/elses"));
        Path source = Files.writeString(sources.resolve("Backwards.java"), SOURCE);
        Path classes = Files.createDirectories(directory.resolve("classes"));
        assertThat(
                        ToolProvider.getSystemJavaCompiler()
                                .run(
                                        null,
                                        null,
                                        null,
                                        "-proc:none",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        "-d",
                                        classes.toString(),
                                        source.toString()))
                .isZero();
        Path plugin = Files.createDirectories(directory.resolve("plugins/backwards"));
        try (OutputStream file = Files.newOutputStream(plugin.resolve("backwards.jar"));
                JarOutputStream jar = new JarOutputStream(file)) {
            jar.putNextEntry(new JarEntry("somebody/elses/Backwards.class"));
            Files.copy(classes.resolve("somebody/elses/Backwards.class"), jar);
            jar.putNextEntry(new JarEntry("META-INF/services/" + MigrationScheduler.class.getName()));
            jar.write("somebody.elses.Backwards".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void itIsFoundAndChosenByName() {
        PolicySource plugins =
                PluginPolicies.in(directory.resolve("plugins"), new Configuration());
        StrategyCatalog catalog =
                StrategyCatalog.load(
                        PolicySource.of(getClass().getClassLoader()).and(plugins),
                        1,
                        Map.of("theirs", Map.of("scheduler", "backwards")));
        Move first = new Move(0, 0, 1);
        Move second = new Move(1, 0, 1);
        assertThat(
                        catalog.choose("theirs", Map.of())
                                .schedule(MigrationView.of(List.of(first, second), Map.of())))
                .containsExactly(List.of(second), List.of(first));
        assertThat(plugins.offered(PlacementPlanner.class)).isEmpty();
    }

    @Test
    void itsClassesAreNotThoseOfTheDistribution() {
        MigrationScheduler theirs =
                PluginPolicies.in(directory.resolve("plugins"), new Configuration())
                        .offered(MigrationScheduler.class)
                        .iterator()
                        .next();
        assertThat(theirs.getClass().getClassLoader()).isNotEqualTo(getClass().getClassLoader());
    }
}
