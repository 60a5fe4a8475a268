package dev.tern.examples.keycount;

/** One word of a {@link Line}, whose due time and channel it shares. */
public record WordRecord(long recordId, long scheduledMicros, int channel, String word) {}
