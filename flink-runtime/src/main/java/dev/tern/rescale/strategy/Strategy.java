package dev.tern.rescale.strategy;

/**
 * A named preset: how moves are batched and how a batch is handed over.
 *
 * @param name what users write after {@code -s}
 * @param scheduler name of a {@link dev.tern.rescale.plan.MigrationScheduler}
 * @param handover name of a {@link HandoverProtocol}
 */
public record Strategy(String name, String scheduler, String handover) {}
