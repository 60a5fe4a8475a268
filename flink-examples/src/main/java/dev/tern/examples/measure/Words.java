package dev.tern.examples.measure;

import java.util.function.Consumer;

/**
 * What a word is, for the job and for the oracle alike: a longest run of Unicode letters and
 * digits, with every code point in lower case.
 */
public final class Words {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Words() {}

    /** Hands the words of a text to a consumer, in order. */
    public static void forEach(String text, Consumer<String> consumer) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            if (Character.isLetterOrDigit(codePoint)) {
                word.appendCodePoint(Character.toLowerCase(codePoint));
            } else if (word.length() > 0) {
                consumer.accept(word.toString());
                word.setLength(0);
            }
        }
        if (word.length() > 0) {
            consumer.accept(word.toString());
        }
    }

    /** The number of words of a text. */
    public static int count(String text) {
        int[] words = new int[1];
        forEach(text, word -> words[0]++);
        return words[0];
    }

    /** The 64-bit hash that stands for a word in the arrival log: FNV-1a, then mixed. */
    public static long hash(String word) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < word.length(); i++) {
            hash = (hash ^ word.charAt(i)) * FNV_PRIME;
        }
        return KeySequence.mix(hash);
    }

    /** The word that stands for a generated key: a w and at least seven digits. */
    public static String ofKey(long key) {
        String digits = Long.toString(key);
        return "w" + "0".repeat(Math.max(0, 7 - digits.length())) + digits;
    }
}
