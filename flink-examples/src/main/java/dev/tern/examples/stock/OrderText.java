package dev.tern.examples.stock;

import dev.tern.examples.keycount.Line;

/** Orders as lines {@code stock|B or S|price|volume}; price and volume are whole numbers. */
public final class OrderText {

    private OrderText() {}

    /** The line of an order. */
    public static String text(Order order) {
        return order.stock()
                + '|'
                + (order.buy() ? 'B' : 'S')
                + '|'
                + order.price()
                + '|'
                + order.volume();
    }

    /** The order in a line. */
    public static Order parse(Line line) {
        String[] fields = line.text().strip().split("\\|");
        if (fields.length != 4 || !(fields[1].equals("B") || fields[1].equals("S"))) {
            throw new IllegalArgumentException(
                    "An order must be stock|B or S|price|volume, got '" + line.text() + "'.");
        }
        long price = Long.parseLong(fields[2]);
        long volume = Long.parseLong(fields[3]);
        if (price < 1 || volume < 1) {
            throw new IllegalArgumentException(
                    "An order must have price and volume above 0, got '" + line.text() + "'.");
        }
        return new Order(
                line.firstRecord(),
                line.scheduledMicros(),
                line.channel(),
                fields[0],
                fields[1].equals("B"),
                price,
                volume);
    }
}
