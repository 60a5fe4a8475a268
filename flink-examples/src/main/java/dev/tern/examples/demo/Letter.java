package dev.tern.examples.demo;

/** A record of StatefulDemo: a word, by default a letter. */
public record Letter(long recordId, long scheduledMicros, int channel, String word) {}
