package dev.tern.examples.keycount;

/**
 * A piece of text with one or more words, as the source emits it.
 *
 * @param firstRecord record id of its first word; the others follow without holes
 * @param scheduledMicros when it was due, epoch microseconds
 * @param channel the ordered path it takes
 */
public record Line(long firstRecord, long scheduledMicros, int channel, String text) {}
