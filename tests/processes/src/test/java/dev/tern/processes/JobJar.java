package dev.tern.processes;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Packs the package of a job's main class into a jar, as a user's build does. */
final class JobJar {

    private JobJar() {}

    /** Writes the jar into {@code directory} and returns its path. */
    static Path of(Class<?> main, Path directory) throws IOException {
        String folder = main.getPackageName().replace('.', '/');
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
        Path jar = directory.resolve(main.getSimpleName() + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                DirectoryStream<Path> classes =
                        Files.newDirectoryStream(classes(main).resolve(folder), "*.class")) {
            for (Path compiled : classes) {
                out.putNextEntry(new JarEntry(folder + "/" + compiled.getFileName()));
                Files.copy(compiled, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    private static Path classes(Class<?> main) throws IOException {
        try {
            return Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IOException("No path to the classes of " + main + ".", impossible);
        }
    }
}
