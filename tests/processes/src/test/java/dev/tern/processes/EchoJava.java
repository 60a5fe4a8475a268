package dev.tern.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A Java installation whose {@code java} prints its arguments, one a line, in place of running
 * them; only Flink's own reader of configurations runs for real.
 */
final class EchoJava {

    private static final String SCRIPT =
            """
            #!/bin/sh
            for argument; do
                if [ "$argument" = org.apache.flink.runtime.util.bash.BashJavaUtils ]; then
                    exec "%s/bin/java" "$@"
                fi
            done
            printf '%%s\\n' "$@"
            """;

    private EchoJava() {}

    /** Makes one below {@code directory} that claims to be of a version; returns its home. */
    static Path install(Path directory, String version) throws IOException {
        Path home = directory.resolve("java-" + version);
        Path java = home.resolve("bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, SCRIPT.formatted(System.getProperty("java.home")));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
