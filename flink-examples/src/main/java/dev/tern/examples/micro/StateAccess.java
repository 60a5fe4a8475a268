package dev.tern.examples.micro;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;

import dev.tern.examples.sink.Outcome;

/** Reads and writes the state of a key for each record; the operator that is rescaled. */
public final class StateAccess extends RichMapFunction<Access, Outcome> {

    private static final long serialVersionUID = 1L;

    private final StateSizes sizes;
    private final Cost cost;

    private transient ValueState<byte[]> values;
    private transient int subtask;

    public StateAccess(StateSizes sizes, Cost cost) {
        this.sizes = sizes;
        this.cost = cost;
    }

    @Override
    public void open(OpenContext context) {
        values =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "value",
                                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public Outcome map(Access access) throws Exception {
        cost.spend(access.recordId());
        byte[] after =
                ChainedValue.next(
                        access.key(),
                        access.recordId(),
                        values.value(),
                        sizes.bytes(access.key()));
        values.update(after);
        return new Outcome(
                Long.toString(access.key()),
                ChainedValue.count(after),
                access.recordId(),
                ChainedValue.chainText(after),
                access.scheduledMicros(),
                access.channel(),
                subtask);
    }
}
