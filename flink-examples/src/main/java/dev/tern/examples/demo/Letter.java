package dev.tern.examples.demo;

/** A record of StatefulDemo: a word, by default a letter. */
public record Letter(long recordId, long scheduledMicros, int channel, String word) {

    private static final int LETTERS = 26;

    /** The letters of the alphabet in turn. */
    public static Letter generated(long record, long scheduledMicros, int channel) {
        return new Letter(record, scheduledMicros, channel, word(record));
    }

    /** The letter of a generated record. */
    public static String word(long record) {
        return String.valueOf((char) ('A' + record % LETTERS));
    }
}
