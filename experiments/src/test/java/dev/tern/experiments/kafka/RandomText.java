package dev.tern.experiments.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Lines of made-up words, some of which are frequent, as in a language. */
public final class RandomText {

    public static final int WORDS_PER_LINE = 8;

    private static final int VOCABULARY = 5_000;

    private RandomText() {}

    /** The same lines for the same seed. */
    public static List<String> lines(int lines, long seed) {
        Random random = new Random(seed);
        List<String> text = new ArrayList<>(lines);
        for (int i = 0; i < lines; i++) {
            StringBuilder line = new StringBuilder();
            for (int word = 0; word < WORDS_PER_LINE; word++) {
                double u = random.nextDouble();
                line.append('w').append((int) (u * u * VOCABULARY)).append(' ');
            }
            text.add(line.toString());
        }
        return text;
    }
}
