package dev.tern.examples.demo;

import dev.tern.examples.source.GeneratedContent;

/** The letters of the alphabet in turn. */
public final class GeneratedLetters extends GeneratedContent<Letter> {

    private static final long serialVersionUID = 1L;
    private static final int LETTERS = 26;

    /**
     * @param limit how many letters to emit; 0 for no end
     */
    public GeneratedLetters(long limit) {
        super(limit);
    }

    /** The letter of a record. */
    public static String letter(long record) {
        return String.valueOf((char) ('A' + record % LETTERS));
    }

    @Override
    public Letter at(long position, long scheduledMicros, int channel) {
        return new Letter(position, scheduledMicros, channel, letter(position));
    }
}
