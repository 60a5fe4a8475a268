package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.triggers.EventTimeTrigger;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.streaming.runtime.operators.windowing.WindowOperatorBuilder;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

/** Windows, whose state has the window as namespace, move while they are open. */
class WindowsTest {

    private static final int GROUP = 3;

    @ParameterizedTest
    @EnumSource
    void tumblingWindowsMove(Transport transport) throws Exception {
        assertSums(transport, TumblingEventTimeWindows.of(Duration.ofMillis(100)), "0-100 6");
    }

    @ParameterizedTest
    @EnumSource
    void sessionWindowsMove(Transport transport) throws Exception {
        assertSums(transport, EventTimeSessionWindows.withGap(Duration.ofMillis(50)), "10-110 6");
    }

    private static void assertSums(
            Transport transport, WindowAssigner<Object, TimeWindow> windows, String expected)
            throws Exception {
        try (HarnessSubtask left = HarnessSubtask.open(operator(windows), 2, 0).widen();
                HarnessSubtask right = HarnessSubtask.open(operator(windows), 2, 1).widen()) {
            int key = HarnessSubtask.keyOf(GROUP, 0);
            left.send(key, 1, 10);
            left.send(key, 2, 40);
            transport.move(left, right, GROUP);
            right.send(key, 3, 60);
            left.watermark(200);
            right.watermark(200);
            assertThat(left.output()).isEmpty();
            assertThat(right.output()).containsExactly(key + " " + expected);
            assertThat(right.state().ownedNonEmpty()).isEmpty();
        }
    }

    private static OneInputStreamOperator<Tuple2<Integer, Long>, String> operator(
            WindowAssigner<Object, TimeWindow> windows) {
        return new WindowOperatorBuilder<Tuple2<Integer, Long>, Integer, TimeWindow>(
                        windows,
                        EventTimeTrigger.create(),
                        new ExecutionConfig(),
                        Types.TUPLE(Types.INT, Types.LONG),
                        record -> record.f0,
                        Types.INT)
                .reduce(
                        (one, other) -> Tuple2.of(one.f0, one.f1 + other.f1),
                        (key, window, sums, out) ->
                                sums.forEach(
                                        sum ->
                                                out.collect(
                                                        key
                                                                + " "
                                                                + window.getStart()
                                                                + "-"
                                                                + window.getEnd()
                                                                + " "
                                                                + sum.f1)));
    }
}
