package dev.tern.examples.measure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/**
 * Counts the words of a text without Flink, to compare a job's counts with. Record ids go on
 * through repeated passes over the text.
 */
public final class WordOracle implements LongUnaryOperator {

    private final long[] hashes;
    private final TextFile text;

    public WordOracle(TextFile text) {
        this.text = text;
        long[] all = new long[text.words()];
        int[] next = new int[1];
        for (int line = 0; line < text.lines(); line++) {
            Words.forEach(text.line(line), word -> all[next[0]++] = Words.hash(word));
        }
        this.hashes = Arrays.copyOf(all, next[0]);
    }

    /** The key hash of a record. */
    @Override
    public long applyAsLong(long record) {
        return hashes[(int) (record % hashes.length)];
    }

    /** How often each word occurs in a number of whole passes over the text. */
    public Map<String, Long> counts(long passes) {
        Map<String, Long> counts = new HashMap<>();
        for (int line = 0; line < text.lines(); line++) {
            Words.forEach(text.line(line), word -> counts.merge(word, passes, Long::sum));
        }
        return counts;
    }
}
