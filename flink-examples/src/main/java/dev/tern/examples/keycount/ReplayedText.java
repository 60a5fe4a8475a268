package dev.tern.examples.keycount;

import dev.tern.examples.measure.TextFile;
import dev.tern.examples.source.Content;

import java.io.IOException;
import java.nio.file.Path;

/** The lines of a text file, over and over. A record is a word. */
public final class ReplayedText implements Content<Line> {

    private static final long serialVersionUID = 1L;

    private final String file;
    private final long repeat;

    private transient TextFile text;

    /**
     * @param file the text, on every host that reads it
     * @param repeat how many times to read it; 0 for no end
     */
    public ReplayedText(String file, long repeat) {
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
        return repeat == 0 ? Long.MAX_VALUE : Math.multiplyExact(repeat, (long) text.lines());
    }

    @Override
    public long firstRecord(long position) {
        long pass = position / text.lines();
        return pass * text.words() + text.wordsBefore((int) (position % text.lines()));
    }

    @Override
    public Line at(long position, long scheduledMicros, int channel) {
        return new Line(
                firstRecord(position),
                scheduledMicros,
                channel,
                text.line((int) (position % text.lines())));
    }
}
