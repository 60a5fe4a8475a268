package dev.tern.opener;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** A small released jar made from Java source, opened and loaded like Flink's. */
final class Release {

    private static final List<String> RESOURCES =
            List.of("META-INF/MANIFEST.MF", "META-INF/NOTICE", "version.properties");

    private final Path directory;
    private final Path jar;

    private Release(Path directory, Path jar) {
        this.directory = directory;
        this.jar = jar;
    }

    /** Compiles the sources, each one top-level type, into a jar under the directory. */
    static Release of(Path directory, String... sources) throws IOException {
        Path classes = compile(directory.resolve("released"), null, sources);
        Path jar = directory.resolve("released.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                zip.write(Files.readAllBytes(file));
            }
            for (String resource : RESOURCES) {
                zip.putNextEntry(new ZipEntry(resource));
                zip.write((resource + " as released").getBytes());
            }
        }
        return new Release(directory, jar);
    }

    Path jar() {
        return jar;
    }

    Path classes() {
        return directory.resolve("opened");
    }

    /** Carries out the declarations; the result is in {@link #classes()}. */
    Release open(String... declarations) throws IOException {
        Path file = directory.resolve("test.openings");
        Files.write(file, List.of(declarations));
        Opener.open(file, jar, classes());
        return this;
    }

    /** Compiles further sources against the opened classes, into their directory. */
    Release compileAgainst(String... sources) {
        try {
            compile(classes(), classes(), sources);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The opened class, initialised, and so seen by the verifier. */
    Class<?> load(String name) throws ClassNotFoundException {
        return Class.forName(name, true, loader());
    }

    /** The class as released. */
    Class<?> loadReleased(String name) throws ClassNotFoundException {
        return Class.forName(name, true, loader(jar.toUri()));
    }

    /** A fresh loader of the opened classes. */
    ClassLoader loader() {
        return loader(classes().toUri());
    }

    private static ClassLoader loader(URI place) {
        try {
            ClassLoader parent = ClassLoader.getPlatformClassLoader();
            return new URLClassLoader(new URL[] {place.toURL()}, parent);
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Path compile(Path target, Path classPath, String... sources)
            throws IOException {
        Path sourceDirectory = Files.createDirectories(target.resolveSibling("src"));
        List<String> arguments = new ArrayList<>(List.of("-d", target.toString()));
        if (classPath != null) {
            arguments.addAll(List.of("-cp", classPath.toString()));
        }
        for (String source : sources) {
            Path file = sourceDirectory.resolve(simpleName(source) + ".java");
            Files.writeString(file, source);
            arguments.add(file.toString());
        }
        Files.createDirectories(target);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int result = compiler.run(null, messages, messages, arguments.toArray(String[]::new));
        if (result != 0) {
            throw new IllegalStateException("does not compile: " + messages);
        }
        return target;
    }

    private static String simpleName(String source) {
        Matcher matcher =
                Pattern.compile("(?:class|interface|enum)\\s+(\\w+)")
                        .matcher(source);
        if (!matcher.find()) {
            throw new IllegalArgumentException("declares no type: " + source);
        }
        return matcher.group(1);
    }
}
