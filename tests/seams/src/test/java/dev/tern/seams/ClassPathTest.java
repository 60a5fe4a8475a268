package dev.tern.seams;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * This module depends on the Kafka connector and flink-test-utils, which ask for upstream's runtime, clients and streaming API. They must get ours.
 */
class ClassPathTest {

    private static final List<String> ARTIFACTS = Project.ARTIFACTS;
    private static final List<Path> CLASS_PATH =
            Project.paths(System.getProperty("java.class.path"));

    @Test
    void theArtifactsThatAskForUpstreamsRuntimeAreHere() {
        for (String artifact :
                List.of(
                        "flink-connector-kafka",
                        "flink-test-utils")) {
            assertThat(CLASS_PATH).anyMatch(path -> named(path, artifact + "-[0-9].*\\.jar"));
        }
    }

    @ParameterizedTest
    @FieldSource("ARTIFACTS")
    void noReleasedJarIsOnTheClassPath(String artifact) {
        assertThat(CLASS_PATH)
                .noneMatch(
                        path -> named(path, artifact + "-" + Project.UPSTREAM_VERSION + "\\.jar"));
        assertThat(CLASS_PATH).contains(Project.ours(artifact));
    }

    @ParameterizedTest
    @FieldSource("ARTIFACTS")
    void nothingElseOnTheClassPathHasAClassOfThisArtifact(String artifact) {
        Path ours = Project.ours(artifact);
        Set<String> names = ClassFiles.classNames(ours);
        assertThat(names).isNotEmpty();
        for (Path other : CLASS_PATH) {
            if (!other.equals(ours) && (named(other, ".*\\.jar") || Files.isDirectory(other))) {
                Set<String> shared = new HashSet<>(names);
                shared.retainAll(ClassFiles.classNames(other));
                assertThat(shared).as("classes of %s in %s", artifact, other).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "flink-runtime, org.apache.flink.streaming.runtime.tasks.StreamTask",
        "flink-runtime, org.apache.flink.runtime.scheduler.adaptive.AdaptiveScheduler",
        "flink-streaming-java, org.apache.flink.streaming.api.datastream.AsyncDataStream",
        "flink-clients, org.apache.flink.client.cli.CliFrontend",
        "flink-statebackend-rocksdb, org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend"
    })
    void theClassThatRunsIsOurs(String artifact, String className) throws Exception {
        Path source =
                Path.of(
                        Class.forName(className)
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        assertThat(source).isEqualTo(Project.ours(artifact));
    }

    private static boolean named(Path path, String pattern) {
        return path.getFileName().toString().matches(pattern);
    }
}
