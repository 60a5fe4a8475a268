package dev.tern.experiments.quickstart;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Compares the result files of the job with an independent count.
 *
 * <p>The job writes one line {@code word<TAB>count} for every word it processes. So a word that
 * occurs n times must have n lines, whose counts are 1 to n, each once.
 *
 * @param lines result lines in all files
 * @param words distinct words in them
 * @param wrongWords words whose lines are not 1 to the independent count
 * @param example one wrong word with what is wrong; empty if there is none
 */
public record CountCheck(long lines, int words, long wrongWords, String example) {

    /** What the lines of one word add up to: enough to tell 1 to n from anything else. */
    private static final class Seen {
        private long lines;
        private long largest;
        private long sum;
    }

    /** Whether every word was counted as often as it occurs. */
    public boolean isExact() {
        return wrongWords == 0;
    }

    /** Reads all finished part files below {@code directory} and compares. */
    public static CountCheck of(Path directory, WordCensus census) throws IOException {
        Map<String, Seen> seen = new HashMap<>();
        for (Path part : finishedParts(directory)) {
            read(part, seen);
        }
        long lines = seen.values().stream().mapToLong(word -> word.lines).sum();
        long wrong = 0;
        String example = "";
        for (Map.Entry<String, Long> expected : census.counts().entrySet()) {
            Seen actual = seen.remove(expected.getKey());
            if (!isOneTo(expected.getValue(), actual)) {
                wrong++;
                example = describe(expected.getKey(), expected.getValue(), actual);
            }
        }
        for (Map.Entry<String, Seen> unexpected : seen.entrySet()) {
            wrong++;
            example = describe(unexpected.getKey(), 0, unexpected.getValue());
        }
        return new CountCheck(lines, census.counts().size(), wrong, example);
    }

    /**
     * Files still being written, which no checkpoint has committed, begin with a dot. They get
     * another name while the job runs, so that one may be listed and gone.
     */
    private static List<Path> finishedParts(Path directory) throws IOException {
        List<Path> parts = new ArrayList<>();
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (attributes.isRegularFile()
                                && !file.getFileName().toString().startsWith(".")) {
                            parts.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure)
                            throws IOException {
                        if (failure instanceof NoSuchFileException && !file.equals(directory)) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw failure;
                    }
                });
        Collections.sort(parts);
        return parts;
    }

    private static void read(Path part, Map<String, Seen> seen) throws IOException {
        try (Stream<String> lines = Files.lines(part)) {
            lines.forEach(
                    line -> {
                        int tab = line.lastIndexOf('\t');
                        long count = Long.parseLong(line.substring(tab + 1));
                        Seen word =
                                seen.computeIfAbsent(line.substring(0, tab), unseen -> new Seen());
                        word.lines++;
                        word.largest = Math.max(word.largest, count);
                        word.sum += count;
                    });
        }
    }

    private static boolean isOneTo(long expected, Seen actual) {
        return actual != null
                && actual.lines == expected
                && actual.largest == expected
                && actual.sum == expected * (expected + 1) / 2;
    }

    private static String describe(String word, long expected, Seen actual) {
        return actual == null
                ? String.format("'%s' occurs %d times and has no result", word, expected)
                : String.format(
                        "'%s' occurs %d times, has %d results up to %d with sum %d",
                        word, expected, actual.lines, actual.largest, actual.sum);
    }
}
