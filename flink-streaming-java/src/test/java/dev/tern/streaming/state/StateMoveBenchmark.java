package dev.tern.streaming.state;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.util.Collector;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Measures detach, encode, decode and install, in processor time of one thread. Run by hand: {@code
 * StateMoveBenchmark [MiB of values of 1000 bytes] [timers in all] [rounds]}; needs about four
 * times the state as heap.
 */
public final class StateMoveBenchmark {

    private static final int VALUE_BYTES = 1000;
    private static final int UNITS = HarnessSubtask.MAX_PARALLELISM;

    private StateMoveBenchmark() {}

    public static void main(String[] args) throws Exception {
        int values =
                (int) ((args.length > 0 ? Long.parseLong(args[0]) : 1024L) * 1024 * 1024 / 1000);
        int timers = args.length > 1 ? Integer.parseInt(args[1]) : 1_600_000;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 4;
        values(values, rounds);
        timers(timers, rounds);
    }

    private static void values(int count, int rounds) throws Exception {
        try (HarnessSubtask left =
                        HarnessSubtask.open(new KeyedProcessOperator<>(new Values()), 1, 0);
                HarnessSubtask right =
                        HarnessSubtask.open(new KeyedProcessOperator<>(new Values()), 1, 0)) {
            for (int key = 0; key < count; key++) {
                left.send(key, 0);
            }
            for (int round = 0; round < rounds; round++) {
                long before = now();
                left.state().keyGroupBytes(IntStream.range(0, UNITS).boxed().toList());
                print("estimate sizes of %d values: %.3f ms", count, millisSince(before));
            }
            HarnessSubtask from = left;
            HarnessSubtask to = right;
            for (int round = 0; round < rounds; round++) {
                moveValues(from.state(), to.state(), (double) count * VALUE_BYTES / (1 << 20));
                HarnessSubtask next = from;
                from = to;
                to = next;
            }
        }
    }

    private static void moveValues(TaskKeyedState from, TaskKeyedState to, double mib)
            throws Exception {
        double detach = 0;
        double encode = 0;
        double decode = 0;
        double install = 0;
        DataOutputSerializer out = new DataOutputSerializer(1 << 20);
        for (int keyGroup = 0; keyGroup < UNITS; keyGroup++) {
            long start = now();
            DetachedUnit unit = from.detach(keyGroup);
            detach += millisSince(start);
            out.clear();
            UnitEncoder encoder = from.encoder();
            start = now();
            encoder.write(unit, out);
            encode += millisSince(start);
            UnitDecoder decoder = to.decoder(from.schema());
            DataInputDeserializer in =
                    new DataInputDeserializer(out.getSharedBuffer(), 0, out.length());
            start = now();
            DetachedUnit arrived = decoder.read(keyGroup, in);
            decode += millisSince(start);
            start = now();
            to.install(arrived);
            install += millisSince(start);
        }
        print(
                "values: detach %.3f ms a unit, encode %.0f MiB/s, decode %.0f MiB/s, install %.3f"
                    + " ms a unit",
                detach / UNITS, mib / encode * 1000, mib / decode * 1000, install / UNITS);
    }

    private static void timers(int count, int rounds) throws Exception {
        try (HarnessSubtask left = HarnessSubtask.open(TimerFunction.operator(), 1, 0);
                HarnessSubtask right = HarnessSubtask.open(TimerFunction.operator(), 1, 0)) {
            for (int key = 0; key < count; key++) {
                left.send(key, 1 + (key * 2654435761L >>> 8) % 1_000_000);
            }
            HarnessSubtask from = left;
            HarnessSubtask to = right;
            for (int round = 0; round < rounds; round++) {
                moveTimers(from.state(), to.state(), count / UNITS);
                HarnessSubtask next = from;
                from = to;
                to = next;
            }
        }
    }

    private static void moveTimers(TaskKeyedState from, TaskKeyedState to, int perUnit) {
        List<Double> detach = new ArrayList<>();
        List<Double> install = new ArrayList<>();
        for (int keyGroup = 0; keyGroup < UNITS; keyGroup++) {
            long start = now();
            DetachedUnit unit = from.detach(keyGroup);
            detach.add(millisSince(start));
            start = now();
            to.install(unit);
            install.add(millisSince(start));
        }
        print(
                "%d timers a unit: detach first %.1f, last but one %.1f ms; install first %.1f,"
                    + " last %.1f ms",
                perUnit,
                detach.get(0),
                detach.get(UNITS - 2),
                install.get(0),
                install.get(UNITS - 1));
        List<Integer> half = IntStream.range(0, UNITS / 2).boxed().toList();
        long start = now();
        List<DetachedUnit> units = to.detachAll(half);
        print("%d timers at once: detach %.1f ms", perUnit * half.size(), millisSince(start));
        units.forEach(to::install);
    }

    private static double millisSince(long nanos) {
        return (now() - nanos) / 1e6;
    }

    // Processor time, so that a busy machine does not matter.
    private static long now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** Keeps 1000 bytes for each key. */
    private static final class Values
            extends KeyedProcessFunction<Integer, Tuple2<Integer, Long>, String> {

        private static final long serialVersionUID = 1L;

        private transient ValueState<byte[]> value;

        @Override
        public void open(OpenContext context) {
            value =
                    getRuntimeContext()
                            .getState(
                                    new ValueStateDescriptor<>(
                                            "value",
                                            PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        }

        @Override
        public void processElement(
                Tuple2<Integer, Long> record, Context context, Collector<String> out)
                throws Exception {
            value.update(new byte[VALUE_BYTES]);
        }
    }
}
