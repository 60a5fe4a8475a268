package dev.tern.examples.stock;

import dev.tern.examples.source.GeneratedContent;

/** Generates the orders of a synthetic day. */
public final class GeneratedOrders extends GeneratedContent<Order> {

    private static final long serialVersionUID = 1L;

    private final Day day;

    /**
     * @param limit how many orders to emit; 0 for no end
     */
    public GeneratedOrders(Day day, long limit) {
        super(limit);
        this.day = day;
    }

    @Override
    public Order at(long position, long scheduledMicros, int channel) {
        return day.at(position, scheduledMicros, channel);
    }
}
