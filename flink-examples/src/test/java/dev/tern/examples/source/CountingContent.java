package dev.tern.examples.source;

/** Elements that tell their position and due time; two records each. */
final class CountingContent implements Content<String> {

    private static final long serialVersionUID = 1L;

    private final long positions;

    CountingContent(long positions) {
        this.positions = positions;
    }

    @Override
    public void open() {}

    @Override
    public boolean isBounded() {
        return positions != Long.MAX_VALUE;
    }

    @Override
    public long positions() {
        return positions;
    }

    @Override
    public long firstRecord(long position) {
        return 2 * position;
    }

    @Override
    public String at(long position, long scheduledMicros, int channel) {
        return position + "@" + scheduledMicros + " on " + channel;
    }
}
