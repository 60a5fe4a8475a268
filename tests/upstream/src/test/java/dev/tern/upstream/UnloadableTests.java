package dev.tern.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Lists the released test classes that cannot be loaded, because they need artifacts that are not
 * published (flink-migration-test-utils) or not wanted (Hadoop). Surefire gives up on the first one
 * it meets, so that they have to be known before the run that measures the rest.
 *
 * <p>Arguments: the file to write. The jars are found on the class path.
 */
public final class UnloadableTests {

    private static final String CLASS = ".class";
    private static final String TESTS = ".*(Tests?|ITCase)\\.class";

    private UnloadableTests() {}

    public static void main(String[] args) throws IOException {
        Path output = Path.of(args[0]);
        TreeSet<String> unloadable = new TreeSet<>();
        for (String entry : System.getProperty("java.class.path").split(":")) {
            if (entry.matches(".*/flink-(runtime|streaming-java|statebackend-rocksdb)-[^/]*-tests\\.jar")) {
                collect(Path.of(entry), unloadable);
            }
        }
        Files.createDirectories(output.getParent());
        Files.write(output, unloadable);
        System.out.printf("%d released test classes do not load%n", unloadable.size());
    }

    private static void collect(Path jar, TreeSet<String> unloadable) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName();
                if (name.matches(TESTS) && !loads(name)) {
                    unloadable.add(name);
                }
            }
        }
    }

    private static boolean loads(String path) {
        String name = path.substring(0, path.length() - CLASS.length()).replace('/', '.');
        try {
            Class<?> type = Class.forName(name, false, UnloadableTests.class.getClassLoader());
            for (Class<?> c = type; c != null; c = c.getSuperclass()) {
                // What JUnit looks at when it searches a class for tests.
                c.getDeclaredMethods();
                c.getDeclaredFields();
                c.getDeclaredConstructors();
                c.getDeclaredClasses();
                c.getAnnotations();
            }
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
