package dev.tern.examples.parameters;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The name that somebody may have meant. */
final class Nearest {

    private Nearest() {}

    /** The name with the fewest edits, if they are no more than a third of what was written. */
    static Optional<String> to(String written, Collection<String> names) {
        String lower = written.toLowerCase(Locale.ROOT);
        return names.stream()
                .filter(name -> edits(lower, name.toLowerCase(Locale.ROOT)) * 3 <= written.length())
                .min(Comparator.comparingInt(name -> edits(lower, name.toLowerCase(Locale.ROOT))));
    }

    /** Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
    private static int edits(String from, String to) {
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                edits[i][j] = Math.max(i, j);
                if (i > 0 && j > 0) {
                    int differs = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                    edits[i][j] =
                            Math.min(
                                    edits[i - 1][j - 1] + differs,
                                    Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
                    if (isSwap(from, to, i, j)) {
                        edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                    }
                }
            }
        }
        return edits[from.length()][to.length()];
    }

    private static boolean isSwap(String from, String to, int i, int j) {
        return i > 1
                && j > 1
                && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
    }
}
