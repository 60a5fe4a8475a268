package dev.tern.experiments.report;

import java.io.PrintWriter;
import java.time.Duration;

/** Tells a person how far an experiment is and how long it will still take. */
public final class Progress {

    private final PrintWriter out;
    private final long startNanos = System.nanoTime();
    private final int runs;
    private final Duration expectedPerRun;
    private int done;

    /**
     * Starts the clock.
     *
     * @param runs how many runs there will be
     * @param expectedPerRun a guess that measured times replace after the first run
     */
    public Progress(PrintWriter out, int runs, Duration expectedPerRun) {
        this.out = out;
        this.runs = runs;
        this.expectedPerRun = expectedPerRun;
    }

    /** Announces the next run. */
    public void starting(String name) {
        out.printf("[%d/%d] %s  (about %s left)%n", done + 1, runs, name, text(remaining()));
    }

    /** Reports a step within the run. */
    public void step(String message) {
        out.printf("      %s  %s%n", text(elapsed()), message);
    }

    /** Counts a run as done. */
    public void finished() {
        done++;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private Duration remaining() {
        return remaining(elapsed(), done, runs, expectedPerRun);
    }

    /** What is left, from the mean of the finished runs or, before the first, from the guess. */
    static Duration remaining(Duration elapsed, int done, int runs, Duration expectedPerRun) {
        Duration perRun = done == 0 ? expectedPerRun : elapsed.dividedBy(done);
        return perRun.multipliedBy(runs - done);
    }

    private static String text(Duration time) {
        return String.format("%d:%02d", time.toMinutes(), time.toSecondsPart());
    }
}
