package dev.tern.seams;

import dev.tern.opener.Declaration;
import dev.tern.opener.DeclarationFile;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where the build leaves what these tests compare. */
final class Project {

    /** The repackaged artifacts, in the order of the reactor. */
    static final List<String> ARTIFACTS =
            List.of(
                    "flink-runtime",
                    "flink-streaming-java",
                    "flink-clients",
                    "flink-statebackend-rocksdb");

    static final Path ROOT = Path.of(property("tern.root")).toAbsolutePath().normalize();
    static final String VERSION = property("tern.version");
    static final String UPSTREAM_VERSION = property("tern.upstream.version");

    private static final Path TARGET = ROOT.resolve("tests/seams/target");

    private Project() {}

    /** The jar of upstream's release. */
    static Path released(String artifact) {
        return TARGET.resolve("released").resolve(artifact + ".jar");
    }

    /** Our jar or class directory, as Maven resolved it for this module. */
    static Path ours(String artifact) {
        return runtimeClassPath().stream()
                .filter(path -> isOurs(path, artifact))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "no " + artifact + " of ours in " + runtimeClassPath()));
    }

    /** What a program on top of our artifacts has at run time, optional parts left out. */
    static List<Path> runtimeClassPath() {
        return paths(read(TARGET.resolve("runtime.classpath")).strip());
    }

    /** A loader of the run-time class path with upstream's jars in the place of ours, or not. */
    static URLClassLoader loader(boolean released) {
        List<Path> paths = new ArrayList<>(runtimeClassPath());
        if (released) {
            for (String artifact : ARTIFACTS) {
                paths.replaceAll(path -> isOurs(path, artifact) ? released(artifact) : path);
            }
        }
        URL[] urls = paths.stream().map(Project::url).toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    static List<Path> paths(String classPath) {
        return List.of(classPath.split(File.pathSeparator)).stream().map(Path::of).toList();
    }

    /** The declarations of each artifact. */
    static Map<String, List<Declaration>> declarations() {
        Map<String, List<Declaration>> result = new LinkedHashMap<>();
        for (String artifact : ARTIFACTS) {
            Path file =
                    ROOT.resolve(artifact)
                            .resolve("src/main/openings")
                            .resolve(artifact + ".openings");
            try {
                result.put(artifact, DeclarationFile.read(file));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }
        return result;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static boolean isOurs(Path path, String artifact) {
        String name = path.getFileName().toString();
        return path.equals(ROOT.resolve(artifact).resolve("target/classes"))
                || name.equals(artifact + "-" + VERSION + ".jar");
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("no place to load classes from: " + path, e);
        }
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException(name + " is set by this module's pom; run it by Maven");
        }
        return value;
    }
}
