package dev.tern.examples.source;

/**
 * Content with a record per position that needs nothing but its own fields.
 *
 * @param <T> type of the records
 */
public abstract class GeneratedContent<T> implements Content<T> {

    private static final long serialVersionUID = 1L;

    private final long limit;

    /**
     * @param limit how many records to emit; 0 for no end
     */
    protected GeneratedContent(long limit) {
        this.limit = limit;
    }

    @Override
    public final void open() {}

    @Override
    public final boolean isBounded() {
        return limit != 0;
    }

    @Override
    public final long positions() {
        return isBounded() ? limit : Long.MAX_VALUE;
    }

    @Override
    public final long firstRecord(long position) {
        return position;
    }
}
