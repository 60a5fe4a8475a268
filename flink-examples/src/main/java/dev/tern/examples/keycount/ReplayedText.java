package dev.tern.examples.keycount;

import dev.tern.examples.measure.TextFile;
import dev.tern.examples.source.ReplayedFile;

/** The lines of a text file, over and over. A record is a word. */
public final class ReplayedText extends ReplayedFile<Line> {

    private static final long serialVersionUID = 1L;

    /**
     * @param file the text, on every host that reads it
     * @param repeat how many times to read it; 0 for no end
     */
    public ReplayedText(String file, long repeat) {
        super(file, repeat);
    }

    @Override
    public long firstRecord(long position) {
        TextFile text = text();
        long pass = position / text.lines();
        return pass * text.words() + text.wordsBefore((int) (position % text.lines()));
    }

    @Override
    public Line at(long position, long scheduledMicros, int channel) {
        return new Line(firstRecord(position), scheduledMicros, channel, line(position));
    }
}
