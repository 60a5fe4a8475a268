package dev.tern.jobs;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.IntStream;

/** The program {@link EveryObstacle} for a client: a jar, and where its classes are. */
public final class ProgramJar {

    private static final Path SOURCE =
            Path.of("src/test/java", EveryObstacle.class.getName().replace('.', '/') + ".java");

    private ProgramJar() {}

    /** Writes a jar that names the main class, or names none. */
    public static Path write(Path directory, Class<?> main) throws IOException {
        Path jar = directory.resolve("job.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (main != null) {
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
        }
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, manifest).close();
        }
        return jar;
    }

    public static URL classes() {
        return EveryObstacle.class.getProtectionDomain().getCodeSource().getLocation();
    }

    /** The place in the source that bears a mark, as it is printed. */
    public static String at(String mark, String call) throws IOException {
        List<String> lines = Files.readAllLines(SOURCE);
        int line =
                IntStream.range(0, lines.size())
                        .filter(i -> lines.get(i).endsWith("// " + mark))
                        .findFirst()
                        .orElseThrow();
        return String.format(
                "%s:%d: .%s(...): ", SOURCE.getFileName(), line + 1, call);
    }
}
