package dev.tern.experiments.report;

import dev.tern.experiments.stats.PairedRatio;

/**
 * One goal and whether it is met.
 *
 * @param strategy of tern, which is judged
 * @param name the figure, such as "peak"
 * @param goal the condition, for people
 * @param ratio the measured ratio with its interval; null where the goal is no ratio of engines
 * @param measured what was measured, for people
 * @param met whether the worse end of the interval meets the goal
 */
public record GoalResult(
        String strategy,
        String name,
        String goal,
        PairedRatio ratio,
        String measured,
        boolean met) {}
