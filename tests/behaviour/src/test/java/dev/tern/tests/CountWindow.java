package dev.tern.tests;

import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.java.tuple.Tuple3;

/** Counts the records of a window. */
final class CountWindow implements AggregateFunction<Tuple3<Long, Long, Long>, Long, Long> {

    private static final long serialVersionUID = 1L;

    @Override
    public Long createAccumulator() {
        return 0L;
    }

    @Override
    public Long add(Tuple3<Long, Long, Long> record, Long count) {
        return count + record.f2;
    }

    @Override
    public Long getResult(Long count) {
        return count;
    }

    @Override
    public Long merge(Long a, Long b) {
        return a + b;
    }
}
