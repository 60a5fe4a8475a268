package dev.tern.examples.job;

import dev.tern.examples.keycount.Line;
import dev.tern.examples.measure.TextFile;
import dev.tern.examples.source.Content;

import java.io.IOException;
import java.nio.file.Path;

/** The lines of a text file, over and over. A record is a line. */
public final class ReplayedLines implements Content<Line> {

    private static final long serialVersionUID = 1L;

    private final String file;
    private final long repeat;

    private transient TextFile text;

    /**
     * @param file the text, on every host that reads it
     * @param repeat how many times to read it; 0 for no end
     */
    public ReplayedLines(String file, long repeat) {
        this.file = file;
        this.repeat = repeat;
    }

    @Override
    public void open() throws IOException {
        if (text == null) {
            text = TextFile.read(Path.of(file));
        }
    }

    @Override
    public boolean isBounded() {
        return repeat != 0;
    }

    @Override
    public long positions() {
        return isBounded()
                ? Math.multiplyExact(repeat, (long) text.lines())
                : Long.MAX_VALUE;
    }

    @Override
    public long firstRecord(long position) {
        return position;
    }

    @Override
    public Line at(long position, long scheduledMicros, int channel) {
        return new Line(
                position, scheduledMicros, channel, text.line((int) (position % text.lines())));
    }
}
