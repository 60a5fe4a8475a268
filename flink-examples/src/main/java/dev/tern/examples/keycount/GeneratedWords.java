package dev.tern.examples.keycount;

import dev.tern.examples.measure.KeySequence;
import dev.tern.examples.measure.Words;
import dev.tern.examples.source.GeneratedContent;

/** Lines of one generated word each. */
public final class GeneratedWords extends GeneratedContent<Line> {

    private static final long serialVersionUID = 1L;

    private final KeySequence keys;

    /**
     * @param limit how many words to emit; 0 for no end
     */
    public GeneratedWords(KeySequence keys, long limit) {
        super(limit);
        this.keys = keys;
    }

    @Override
    public Line at(long position, long scheduledMicros, int channel) {
        return new Line(position, scheduledMicros, channel, Words.ofKey(keys.key(position)));
    }
}
