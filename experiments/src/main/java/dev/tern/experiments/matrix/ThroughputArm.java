package dev.tern.experiments.matrix;

import java.util.Locale;

/** What a comparison of throughputs runs. */
public enum ThroughputArm {
    /** This distribution: measured before and after twenty live rescales. */
    TERN(Engine.TERN),
    /** Stock, started at the same parallelism and measured at the same times. */
    STOCK(Engine.STOCK),
    /** Stock again: how far two runs of the same thing are apart. */
    CONTROL(Engine.STOCK);

    private final Engine engine;

    ThroughputArm(Engine engine) {
        this.engine = engine;
    }

    /** The distribution that runs it. */
    public Engine engine() {
        return engine;
    }

    /** The name in reports. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
