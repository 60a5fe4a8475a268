package dev.tern.processes.job;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.java.typeutils.ValueTypeInfo;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Fails the job when a key misses a number of its sequence or sees one twice. */
final class SequenceCheck extends KeyedProcessFunction<Long, Long, Long> {

    private final String holdFile;
    private transient ValueState<HeldLong> last;

    /**
     * @param holdFile while it exists no state is sent to another TaskManager; empty for none
     */
    SequenceCheck(String holdFile) {
        this.holdFile = holdFile;
    }

    @Override
    public void open(OpenContext openContext) {
        last =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "last", new ValueTypeInfo<>(HeldLong.class)));
    }

    @Override
    public void processElement(Long number, Context context, Collector<Long> out)
            throws Exception {
        Long before = last.value() == null ? null : last.value().number();
        long expected =
                before == null ? context.getCurrentKey() : before + UnbrokenSequences.KEYS;
        if (number != expected) {
            throw new IllegalStateException(
                    "Key "
                            + context.getCurrentKey()
                            + " expected "
                            + expected
                            + " after "
                            + before
                            + " and got "
                            + number
                            + ".");
        }
        last.update(new HeldLong(number, holdFile));
        out.collect(number);
    }
}
