package dev.tern.tests;

import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a query has put out: how often each change of each row came. Shared by all tasks of one run
 * in this JVM; any thread.
 */
final class Changelog {

    private static final Map<String, Changelog> RUNS = new ConcurrentHashMap<>();

    private final Map<String, Long> changes = new ConcurrentHashMap<>();
    private final Map<String, Long> rows = new ConcurrentHashMap<>();

    static Changelog of(String run) {
        return RUNS.computeIfAbsent(run, ignored -> new Changelog());
    }

    private void add(Row row) {
        String values = row.toString();
        boolean gone =
                row.getKind() == RowKind.DELETE || row.getKind() == RowKind.UPDATE_BEFORE;
        changes.merge(values, 1L, Long::sum);
        rows.merge(values.substring(2), gone ? -1L : 1L, Long::sum);
    }

    /** Every change, with its kind, and how often it came. */
    Map<String, Long> changes() {
        return new TreeMap<>(changes);
    }

    /** The result: the rows that are left, and how often each. */
    Map<String, Long> rows() {
        Map<String, Long> left = new TreeMap<>(rows);
        left.values().removeIf(count -> count == 0L);
        return left;
    }

    /** The last operator of a query under test. */
    static final class Writer extends ProcessFunction<Row, Integer> {

        private static final long serialVersionUID = 1L;

        private final String run;

        Writer(String run) {
            this.run = run;
        }

        @Override
        public void processElement(Row row, Context context, Collector<Integer> out) {
            Changelog.of(run).add(row);
        }
    }
}
