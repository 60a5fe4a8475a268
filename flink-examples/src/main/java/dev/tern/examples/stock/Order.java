package dev.tern.examples.stock;

/**
 * An offer to buy or to sell.
 *
 * @param price the worst that is accepted, in ticks
 * @param volume how many shares
 */
public record Order(
        long recordId,
        long scheduledMicros,
        int channel,
        String stock,
        boolean buy,
        long price,
        long volume) {}
