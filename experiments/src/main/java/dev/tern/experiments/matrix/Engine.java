package dev.tern.experiments.matrix;

import java.util.Locale;

/** Which distribution runs the job: ours, or the same assembly with upstream's jars. */
public enum Engine {
    /** This distribution; a rescale request is answered live. */
    TERN,
    /** Apache Flink 2.2.1 as released; a rescale request restarts the job. */
    STOCK;

    /** The name used on the command line and in every report. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
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
                "Unknown engine '" + label + "': expected 'tern' or 'stock'.");
    }
}
