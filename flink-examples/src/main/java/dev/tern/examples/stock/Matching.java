package dev.tern.examples.stock;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

import dev.tern.examples.sink.Outcome;

import java.util.Arrays;

/**
 * Matches the orders of a stock: best price first, then the one that has waited longest. The
 * operator that is rescaled.
 *
 * <p>The book is a map of price levels, each with the volumes that wait there. Levels to sell have
 * their price as key, those to buy its negative: for either side the best level of the other has
 * the lowest key.
 */
public final class Matching extends RichMapFunction<Order, Outcome> {

    private static final long serialVersionUID = 1L;

    private transient MapState<Long, long[]> book;
    private transient ValueState<Long> orders;
    private transient int subtask;

    @Override
    public void open(OpenContext context) {
        book =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "book",
                                        Types.LONG,
                                        PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO));
        orders = getRuntimeContext().getState(new ValueStateDescriptor<>("orders", Types.LONG));
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public Outcome map(Order order) throws Exception {
        long left = order.volume();
        long money = 0;
        Long best = bestOpposite(order);
        while (left > 0 && best != null) {
            long before = left;
            left = take(best, left);
            money += (before - left) * Math.abs(best);
            best = bestOpposite(order);
        }
        if (left > 0) {
            long own = order.buy() ? -order.price() : order.price();
            book.put(own, appended(book.get(own), left));
        }
        Long sequence = orders.value();
        sequence = sequence == null ? 1 : sequence + 1;
        orders.update(sequence);
        return new Outcome(
                order.stock(),
                sequence,
                order.recordId(),
                order.volume() - left + "," + money,
                order.scheduledMicros(),
                order.channel(),
                subtask);
    }

    /** The best level that the order accepts. */
    private Long bestOpposite(Order order) throws Exception {
        long worst = order.buy() ? order.price() : -order.price();
        Long best = null;
        for (Long level : book.keys()) {
            boolean opposite = order.buy() == level > 0;
            if (opposite && level <= worst && (best == null || level < best)) {
                best = level;
            }
        }
        return best;
    }

    /** Takes from a level what it has, in order, and returns what is left to be taken. */
    private long take(long level, long wanted) throws Exception {
        long[] waiting = book.get(level);
        long left = wanted;
        int next = 0;
        while (next < waiting.length && waiting[next] <= left) {
            left -= waiting[next++];
        }
        if (next == waiting.length) {
            book.remove(level);
            return left;
        }
        long[] rest = Arrays.copyOfRange(waiting, next, waiting.length);
        rest[0] -= left;
        book.put(level, rest);
        return 0;
    }

    private static long[] appended(long[] waiting, long volume) {
        if (waiting == null) {
            return new long[] {volume};
        }
        long[] longer = Arrays.copyOf(waiting, waiting.length + 1);
        longer[waiting.length] = volume;
        return longer;
    }
}
