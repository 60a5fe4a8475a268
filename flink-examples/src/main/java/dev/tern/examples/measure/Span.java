package dev.tern.examples.measure;

/**
 * A half-open stretch of time.
 *
 * @param fromMicros first microsecond since 1970 that belongs to it
 * @param toMicros first microsecond after it
 */
public record Span(long fromMicros, long toMicros) {

    public Span {
        if (toMicros <= fromMicros) {
            throw new IllegalArgumentException(
                    "A span needs an end after its start, got ["
                            + fromMicros
                            + ", "
                            + toMicros
                            + ").");
        }
    }

    /** The span of the given length in milliseconds that starts at an epoch microsecond. */
    public static Span ofMillis(long fromMicros, long lengthMillis) {
        return new Span(fromMicros, fromMicros + lengthMillis * 1000);
    }

    public boolean contains(long micros) {
        return micros >= fromMicros && micros < toMicros;
    }

    public long lengthMicros() {
        return toMicros - fromMicros;
    }

    public double seconds() {
        return lengthMicros() / 1e6;
    }
}
