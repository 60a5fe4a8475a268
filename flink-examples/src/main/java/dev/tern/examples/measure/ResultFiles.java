package dev.tern.examples.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The exactly-once text files of KeyCount: {@code word<TAB>count} for each word it counted. */
public final class ResultFiles {

    private ResultFiles() {}

    /**
     * Compares the finished files of a directory with what they must contain: for a word that
     * occurs n times, the counts 1 to n, each once.
     *
     * @return what differs, one sentence per finding; empty if nothing does
     */
    public static List<String> differences(Path directory, Map<String, Long> expected)
            throws IOException {
        List<String> differences = new ArrayList<>();
        Map<String, BitSet> seen = new HashMap<>();
        forEachLine(directory, line -> add(line, seen, differences));
        expected.forEach(
                (word, count) -> {
                    BitSet counts = seen.getOrDefault(word, new BitSet());
                    if (counts.cardinality() != count || counts.length() != count + 1) {
                        differences.add(
                                "'"
                                        + word
                                        + "' occurs "
                                        + count
                                        + " times, but has "
                                        + counts.cardinality()
                                        + " results up to "
                                        + Math.max(0, counts.length() - 1)
                                        + ".");
                    }
                });
        seen.keySet().stream()
                .filter(word -> !expected.containsKey(word))
                .forEach(word -> differences.add("'" + word + "' does not occur."));
        return differences;
    }

    /** The number of lines in the finished files of a directory. */
    public static long lines(Path directory) throws IOException {
        long[] lines = new long[1];
        forEachLine(directory, line -> lines[0]++);
        return lines[0];
    }

    /** Hands the lines of the finished files of a directory to a consumer. */
    public static void forEachLine(Path directory, Consumer<String> consumer) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.filter(ResultFiles::isFinished)::iterator) {
                try (Stream<String> lines = Files.lines(file)) {
                    lines.forEach(consumer);
                }
            }
        }
    }

    private static void add(String line, Map<String, BitSet> seen, List<String> differences) {
        int tab = line.indexOf('\t');
        String word = line.substring(0, tab);
        int count = Integer.parseInt(line.substring(tab + 1));
        BitSet counts = seen.computeIfAbsent(word, ignored -> new BitSet());
        if (counts.get(count)) {
            differences.add("'" + word + "' has the count " + count + " twice.");
        }
        counts.set(count);
    }

    private static boolean isFinished(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file) && !name.startsWith(".") && !name.contains(".inprogress.");
    }
}
