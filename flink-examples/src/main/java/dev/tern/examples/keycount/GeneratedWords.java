package dev.tern.examples.keycount;

import dev.tern.examples.measure.KeySequence;
import dev.tern.examples.measure.Words;
import dev.tern.examples.source.Content;

/** Lines of one generated word each. */
public final class GeneratedWords implements Content<Line> {

    private static final long serialVersionUID = 1L;

    private final KeySequence keys;
    private final long limit;

    /**
     * @param limit how many words to emit; 0 for no end
     */
    public GeneratedWords(KeySequence keys, long limit) {
        this.keys = keys;
        this.limit = limit;
    }

    @Override
    public void open() {}

    @Override
    public long positions() {
        return limit == 0 ? Long.MAX_VALUE : limit;
    }

    @Override
    public long firstRecord(long position) {
        return position;
    }

    @Override
    public Line at(long position, long scheduledMicros, int channel) {
        return new Line(position, scheduledMicros, channel, Words.ofKey(keys.key(position)));
    }
}
