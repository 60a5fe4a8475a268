package dev.tern.examples.keycount;

import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

import dev.tern.examples.measure.Words;

/** Splits a line into its words and numbers them. */
public final class Splitter implements FlatMapFunction<Line, WordRecord> {

    private static final long serialVersionUID = 1L;

    @Override
    public void flatMap(Line line, Collector<WordRecord> out) {
        long[] next = {line.firstRecord()};
        Words.forEach(
                line.text(),
                word ->
                        out.collect(
                                new WordRecord(
                                        next[0]++, line.scheduledMicros(), line.channel(), word)));
    }
}
