package dev.tern.examples.keycount;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;

/** Counts each word in keyed state; the operator that is rescaled. */
public final class Counter extends RichFlatMapFunction<WordRecord, CountedWord> {

    private static final long serialVersionUID = 1L;

    private final int costlyOperationLoops;

    private transient ValueState<Long> count;
    private transient int subtask;

    /**
     * @param costlyOperationLoops extra reads and writes of the state per word
     */
    public Counter(int costlyOperationLoops) {
        this.costlyOperationLoops = costlyOperationLoops;
    }

    @Override
    public void open(OpenContext context) {
        count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public void flatMap(WordRecord word, Collector<CountedWord> out) throws Exception {
        Long before = count.value();
        long now = before == null ? 1 : before + 1;
        count.update(now);
        for (int i = 0; i < costlyOperationLoops; i++) {
            count.update(count.value());
        }
        out.collect(
                new CountedWord(
                        word.recordId(),
                        word.scheduledMicros(),
                        word.channel(),
                        word.word(),
                        now,
                        subtask));
    }
}
