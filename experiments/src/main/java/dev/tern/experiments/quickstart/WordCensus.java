package dev.tern.experiments.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Counts the words of a text without Flink and without the code of the job, so that the job's
 * counts can be checked against it. A word is a longest run of letters and digits, in lower case.
 *
 * @param words number of words, repetitions included
 * @param counts how often each word occurs
 */
public record WordCensus(long words, Map<String, Long> counts) {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{Nd}]+");

    public WordCensus {
        counts = Map.copyOf(counts);
    }

    /** Counts a text file in UTF-8; one whose name ends in {@code .gz} is decompressed. */
    public static WordCensus of(Path text) throws IOException {
        Map<String, long[]> counters = new HashMap<>();
        try (InputStream raw = Files.newInputStream(text);
                InputStream plain =
                        text.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                count(line, counters);
            }
        }
        Map<String, Long> counts = new HashMap<>(counters.size() * 2);
        counters.forEach((word, counter) -> counts.put(word, counter[0]));
        return new WordCensus(
                counts.values().stream().mapToLong(Long::longValue).sum(), counts);
    }

    private static void count(String line, Map<String, long[]> counters) {
        Matcher words = WORD.matcher(line);
        while (words.find()) {
            String word =
                    words.group()
                            .codePoints()
                            .map(Character::toLowerCase)
                            .collect(
                                    StringBuilder::new,
                                    StringBuilder::appendCodePoint,
                                    StringBuilder::append)
                            .toString();
            counters.computeIfAbsent(word, unseen -> new long[1])[0]++;
        }
    }
}
