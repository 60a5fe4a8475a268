package dev.tern.streaming.state;

import dev.tern.streaming.state.rocksdb.RocksStateMover;

import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Moves key groups of values of 1000 bytes between two databases, entry by entry and as files.
 * Arguments: MiB of a key group, key groups. Prints, for each way, MiB/s of extraction and of
 * arrival, and the milliseconds that a key group takes in the mailbox to leave and to come.
 */
public final class RocksMoveBenchmark {

    private RocksMoveBenchmark() {}

    public static void main(String[] args) throws Exception {
        double mib = args.length > 0 ? Double.parseDouble(args[0]) : 8;
        int groups = args.length > 1 ? Integer.parseInt(args[1]) : 8;
        HarnessSubtask.useBackend(() -> OnRocks.backend(new OnRocks().configuration()));
        for (int round = 0; round < 3; round++) {
            for (long fileBytes : new long[] {Long.MAX_VALUE, 0}) {
                run(fileBytes, mib, groups);
            }
        }
    }

    private static void run(long fileBytes, double mib, int groups) throws Exception {
        int keys = (int) (mib * (1 << 20) / (BulkFunction.VALUE_BYTES + 20));
        try (HarnessSubtask left = HarnessSubtask.open(BulkFunction.operator(), 1, 0);
                HarnessSubtask right = HarnessSubtask.open(BulkFunction.operator(), 1, 0)) {
            int[] sent = new int[HarnessSubtask.MAX_PARALLELISM];
            for (int key = 0; IntStream.range(0, groups).anyMatch(g -> sent[g] < keys); key++) {
                int group = HarnessSubtask.keyGroupOf(key);
                if (group < groups && sent[group] < keys) {
                    left.send(key, 1);
                    sent[group]++;
                }
            }
            StateMover mover = new RocksStateMover(fileBytes);
            MovableState from = mover.open(left.backend(), List::of);
            MovableState to = mover.open(right.backend(), List::of);
            double detach = 0;
            double encode = 0;
            double decode = 0;
            double install = 0;
            long bytes = 0;
            DataOutputSerializer out = new DataOutputSerializer(1 << 24);
            for (int group = 0; group < groups; group++) {
                long start = System.nanoTime();
                OperatorUnit unit = from.detach(List.of(group)).get(group);
                detach += millisSince(start);
                UnitCodec encoder = from.encoder();
                UnitCodec decoder = to.decoder(from.schema());
                out.clear();
                start = System.nanoTime();
                encoder.write(unit, out);
                unit.close();
                encode += millisSince(start);
                bytes += out.length();
                start = System.nanoTime();
                OperatorUnit arrived =
                        decoder.read(
                                group,
                                new DataInputDeserializer(out.getSharedBuffer(), 0, out.length()));
                decode += millisSince(start);
                start = System.nanoTime();
                to.install(group, arrived);
                install += millisSince(start);
            }
            double total = bytes / (double) (1 << 20);
            System.out.printf(
                    Locale.ROOT,
                    "%.1f MiB x %d %s: extract %.0f MiB/s, arrive %.0f MiB/s; in the mailbox leave"
                        + " %.2f ms, come %.2f ms%n",
                    mib,
                    groups,
                    fileBytes == 0 ? "as files" : "entry by entry",
                    total / encode * 1000,
                    total / decode * 1000,
                    detach / groups,
                    install / groups);
        }
    }

    private static double millisSince(long start) {
        return (System.nanoTime() - start) / 1e6;
    }
}
