package dev.tern.examples.stock;

import dev.tern.examples.verify.HistoryCheck;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** The book of one stock, kept beside the job: only how much waits at each price matters. */
public final class BookReplay implements HistoryCheck.Replay {

    private final LongFunction<Order> orders;
    private final TreeMap<Long, Long> toSell = new TreeMap<>();
    private final TreeMap<Long, Long> toBuy = new TreeMap<>();

    /**
     * @param orders the order of each record
     */
    public BookReplay(LongFunction<Order> orders) {
        this.orders = orders;
    }

    @Override
    public String next(long recordId) {
        Order order = orders.apply(recordId);
        TreeMap<Long, Long> others = order.buy() ? toSell : toBuy;
        long filled = 0;
        long money = 0;
        while (filled < order.volume() && !others.isEmpty()) {
            Map.Entry<Long, Long> best = order.buy() ? others.firstEntry() : others.lastEntry();
            boolean accepted =
                    order.buy()
                            ? best.getKey() <= order.price()
                            : best.getKey() >= order.price();
            if (!accepted) {
                break;
            }
            long traded = Math.min(order.volume() - filled, best.getValue());
            filled += traded;
            money += traded * best.getKey();
            if (traded == best.getValue()) {
                others.remove(best.getKey());
            } else {
                others.put(best.getKey(), best.getValue() - traded);
            }
        }
        if (filled < order.volume()) {
            (order.buy() ? toBuy : toSell)
                    .merge(order.price(), order.volume() - filled, Long::sum);
        }
        return filled + "," + money;
    }
}
