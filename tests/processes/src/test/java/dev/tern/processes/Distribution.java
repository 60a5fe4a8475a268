package dev.tern.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The distribution that the build has assembled. */
final class Distribution {

    /** Version that REST, dashboard and log must show. */
    static final String VERSION = property("tern.version");

    private Distribution() {}

    /** Its directory, with all links resolved. */
    static Path directory() throws IOException {
        return Path.of(property("tern.distribution")).toRealPath();
    }

    /** A script of {@code bin/}. */
    static Path script(String name) throws IOException {
        return directory().resolve("bin").resolve(name);
    }

    /** Copies {@code conf/} to a directory of the test's own. */
    static void copyConfiguration(Path target) throws IOException {
        Files.createDirectories(target);
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory().resolve("conf"))) {
            for (Path file : files) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    private static String property(String name) {
        assertThat(System.getProperty(name))
                .as("system property %s, which Maven's failsafe plugin sets", name)
                .isNotNull();
        return System.getProperty(name);
    }
}
