package dev.tern.examples.micro;

import dev.tern.examples.source.GeneratedContent;

/** Generates the records of the benchmark. */
public final class GeneratedAccesses extends GeneratedContent<Access> {

    private static final long serialVersionUID = 1L;

    private final AccessPattern pattern;
    private final byte[] payload;

    /**
     * @param recordBytes ballast per record
     * @param limit how many records to emit; 0 for no end
     */
    public GeneratedAccesses(AccessPattern pattern, int recordBytes, long limit) {
        super(limit);
        this.pattern = pattern;
        this.payload = new byte[recordBytes];
    }

    @Override
    public Access at(long position, long scheduledMicros, int channel) {
        return new Access(position, scheduledMicros, channel, pattern.key(position), payload);
    }
}
