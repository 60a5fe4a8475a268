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

/** Programs for a client: a jar, where the classes are, and which lines are marked. */
public final class ProgramJar {

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

    /** The line of {@link EveryObstacle} that bears a mark, as it is printed. */
    public static String at(String mark, String call) throws IOException {
        return at(EveryObstacle.class, mark, call);
    }

    /** The line of a program that bears a mark, as it is printed. */
    public static String at(Class<?> main, String mark, String call) throws IOException {
        Path source = Path.of("src/test/java", main.getName().replace('.', '/') + ".java");
        List<String> lines = Files.readAllLines(source);
        int line =
                IntStream.range(0, lines.size())
                        .filter(i -> lines.get(i).endsWith("// " + mark))
                        .findFirst()
                        .orElseThrow();
        return String.format(
                "%s:%d: .%s(...): ", source.getFileName(), line + 1, call);
    }
}
