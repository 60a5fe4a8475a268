package dev.tern.examples.demo;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;

import dev.tern.examples.sink.Outcome;

/** Counts each word in a map; the operator that is rescaled. */
public final class StatefulMap extends RichMapFunction<Letter, Outcome> {

    private static final long serialVersionUID = 1L;

    private transient MapState<String, Long> counts;
    private transient int subtask;

    @Override
    public void open(OpenContext context) {
        counts =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>("counts", Types.STRING, Types.LONG));
        subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public Outcome map(Letter letter) throws Exception {
        Long before = counts.get(letter.word());
        long count = before == null ? 1 : before + 1;
        counts.put(letter.word(), count);
        return new Outcome(
                letter.word(),
                count,
                letter.recordId(),
                letter.word() + " " + count,
                letter.scheduledMicros(),
                letter.channel(),
                subtask);
    }
}
