package dev.tern.experiments.matrix;

import java.util.Locale;

/** What runs the job: our distribution, or the same assembly with upstream's jars. */
public enum Engine {
    /** This distribution; a rescale request is answered live. */
    TERN,
    /** Apache Flink 2.2.1 as released, set so that a rescale request restarts the job at once. */
    STOCK,
    /** The same, but restoring RocksDB by importing files where that is possible. */
    STOCK_INGEST,
    /** Stock as it is set by default; an extra row that no goal is judged by. */
    STOCK_DEFAULT;

    /** Whether goals are judged by it: by the better one of these, pair by pair. */
    public boolean isRival() {
        return this == STOCK || this == STOCK_INGEST;
    }

    /** The name used on the command line and in every report. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads an engine from its label.
     *
     * @throws IllegalArgumentException when no engine has that label
     */
    public static Engine fromLabel(String label) {
        for (Engine engine : values()) {
            if (engine.label().equals(label.trim())) {
                return engine;
            }
        }
        throw new IllegalArgumentException(
                "Unknown engine '"
                        + label
                        + "': expected tern, stock, stock-ingest or stock-default.");
    }
}
