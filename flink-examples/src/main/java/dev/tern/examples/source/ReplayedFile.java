package dev.tern.examples.source;

import dev.tern.examples.measure.TextFile;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Content from the lines of a text file, over and over; a position per line.
 *
 * @param <T> type of the elements
 */
public abstract class ReplayedFile<T> implements Content<T> {

    private static final long serialVersionUID = 1L;

    private final String file;
    private final long repeat;

    private transient TextFile text;

    /**
     * @param file the text, on every host that reads it
     * @param repeat how many times to read it; 0 for no end
     */
    protected ReplayedFile(String file, long repeat) {
        this.file = file;
        this.repeat = repeat;
    }

    @Override
    public final void open() throws IOException {
        if (text == null) {
            text = TextFile.read(Path.of(file));
        }
    }

    @Override
    public final boolean isBounded() {
        return repeat != 0;
    }

    @Override
    public final long positions() {
        return isBounded() ? Math.multiplyExact(repeat, (long) text.lines()) : Long.MAX_VALUE;
    }

    /** The text, once it is open. */
    protected final TextFile text() {
        return text;
    }

    /** The line of a position. */
    protected final String line(long position) {
        return text.line((int) (position % text.lines()));
    }
}
