package dev.tern.examples.job;

import dev.tern.examples.keycount.Line;
import dev.tern.examples.source.ReplayedFile;

/** The lines of a text file, over and over. A record is a line. */
public final class ReplayedLines extends ReplayedFile<Line> {

    private static final long serialVersionUID = 1L;

    /**
     * @param file the text, on every host that reads it
     * @param repeat how many times to read it; 0 for no end
     */
    public ReplayedLines(String file, long repeat) {
        super(file, repeat);
    }

    @Override
    public long firstRecord(long position) {
        return position;
    }

    @Override
    public Line at(long position, long scheduledMicros, int channel) {
        return new Line(position, scheduledMicros, channel, line(position));
    }
}
