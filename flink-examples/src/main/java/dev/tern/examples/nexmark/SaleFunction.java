package dev.tern.examples.nexmark;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;

import dev.tern.examples.sink.Outcome;

/** Averages sales per key, all of them or the latest ones. */
final class SaleFunction extends RichMapFunction<Sale, Outcome> {

    private static final long serialVersionUID = 1L;

    private final boolean bySeller;

    private transient ValueState<long[]> averages;
    private transient int subtask;

    /**
     * @param bySeller the latest ten sales of each seller (q6); else all of each category (q4)
     */
    SaleFunction(boolean bySeller) {
        this.bySeller = bySeller;
    }

    long key(Sale sale) {
        return bySeller ? sale.seller() : sale.category();
    }

    @Override
    public void open(OpenContext context) {
        averages =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "average",
                                        PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO));
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public Outcome map(Sale sale) throws Exception {
        long[] after = SaleAverage.add(averages.value(), sale.price(), bySeller);
        averages.update(after);
        return new Outcome(
                Long.toString(key(sale)),
                SaleAverage.sales(after),
                sale.recordId(),
                sale.auction() + "," + sale.price() + "," + SaleAverage.average(after),
                sale.dueMicros(),
                sale.channel(),
                subtask);
    }
}
