package dev.tern.examples.source;

import java.io.Serializable;

/**
 * Content with a record per position that needs nothing but its own fields.
 *
 * @param <T> type of the records
 */
public final class GeneratedContent<T> implements Content<T> {

    private static final long serialVersionUID = 1L;

    /** Makes the record of a position, see {@link Content#at}. */
    public interface Generator<T> extends Serializable {

        T at(long position, long scheduledMicros, int channel);
    }

    private final long limit;
    private final Generator<T> generator;

    /**
     * @param limit how many records to emit; 0 for no end
     */
    public GeneratedContent(long limit, Generator<T> generator) {
        this.limit = limit;
        this.generator = generator;
    }

    @Override
    public void open() {}

    @Override
    public boolean isBounded() {
        return limit != 0;
    }

    @Override
    public long positions() {
        return isBounded() ? limit : Long.MAX_VALUE;
    }

    @Override
    public long firstRecord(long position) {
        return position;
    }

    @Override
    public T at(long position, long scheduledMicros, int channel) {
        return generator.at(position, scheduledMicros, channel);
    }
}
