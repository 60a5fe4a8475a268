package dev.tern.seams;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads the files of a jar or class directory. */
final class ClassFiles {

    private ClassFiles() {}

    /** Content by path, directories left out. */
    static SortedMap<String, byte[]> of(Path place) {
        try {
            return Files.isDirectory(place) ? ofDirectory(place) : ofJar(place);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + place, e);
        }
    }

    /** Names of the classes in the place, nested ones too, as Class.forName takes them. */
    static Set<String> classNames(Path place) {
        return paths(place).stream()
                .filter(path -> path.endsWith(".class") && !path.startsWith("META-INF/"))
                .filter(path -> !path.endsWith("module-info.class"))
                .map(path -> path.substring(0, path.length() - ".class".length()))
                .map(path -> path.replace('/', '.'))
                .collect(Collectors.toSet());
    }

    private static Set<String> paths(Path place) {
        if (Files.isDirectory(place)) {
            return of(place).keySet();
        }
        try (ZipFile zip = new ZipFile(place.toFile())) {
            return zip.stream().map(ZipEntry::getName).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + place, e);
        }
    }

    private static SortedMap<String, byte[]> ofDirectory(Path directory) throws IOException {
        SortedMap<String, byte[]> result = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                result.put(directory.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return result;
    }

    private static SortedMap<String, byte[]> ofJar(Path jar) throws IOException {
        SortedMap<String, byte[]> result = new TreeMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (!entry.isDirectory()) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        result.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
        return result;
    }
}
