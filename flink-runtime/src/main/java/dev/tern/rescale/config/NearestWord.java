package dev.tern.rescale.config;

import java.util.Collection;
import java.util.Comparator;

/** Guesses which known word somebody meant. */
public final class NearestWord {

    private NearestWord() {}

    /** The known word that takes the fewest insertions, deletions and replacements. */
    public static String to(String word, Collection<String> known) {
        return known.stream()
                .min(
                        Comparator.comparingInt((String candidate) -> distance(word, candidate))
                                .thenComparing(Comparator.naturalOrder()))
                .orElseThrow(() -> new IllegalArgumentException("There are no known words."));
    }

    /** Levenshtein's distance, one row at a time. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
