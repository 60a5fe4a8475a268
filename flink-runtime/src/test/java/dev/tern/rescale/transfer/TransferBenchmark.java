package dev.tern.rescale.transfer;

import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.runtime.clusterframework.types.ResourceID;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/**
 * Measures the transfer over loopback, both ends in one JVM. Run by hand: {@code TransferBenchmark
 * [MiB per round] [rounds]}.
 */
public final class TransferBenchmark {

    private static final int RECORD_BYTES = 1024;
    private static final int UNITS = 64;

    private TransferBenchmark() {}

    public static void main(String[] args) throws Exception {
        long bytes = (args.length > 0 ? Long.parseLong(args[0]) : 1024) << 20;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 8;
        int records = (int) (bytes / UNITS / RECORD_BYTES);
        run("64 units, records of 1 KiB by readFully", rounds, 1, UNITS, records(records));
        run("64 units, fields (int, long, byte[] of 84)", rounds, 1, UNITS, fields(records * 10));
        run("64 units over 4 fetches, records of 1 KiB", rounds, 4, UNITS, records(records));
        run("30000 units of 1 record of 1 KiB", rounds, 1, 30_000, records(1));
    }

    private interface Payload {
        void write(DataOutputView out) throws IOException;

        void read(DataInputView in) throws IOException;
    }

    private static Payload records(int count) {
        return new Payload() {
            @Override
            public void write(DataOutputView out) throws IOException {
                byte[] record = new byte[RECORD_BYTES];
                for (int i = 0; i < count; i++) {
                    out.write(record, 0, RECORD_BYTES);
                }
            }

            @Override
            public void read(DataInputView in) throws IOException {
                byte[] record = new byte[RECORD_BYTES];
                for (int i = 0; i < count; i++) {
                    in.readFully(record);
                }
            }
        };
    }

    private static Payload fields(int count) {
        return new Payload() {
            @Override
            public void write(DataOutputView out) throws IOException {
                byte[] value = new byte[84];
                for (int i = 0; i < count; i++) {
                    out.writeInt(i);
                    out.writeLong(i);
                    out.write(value, 0, value.length);
                }
            }

            @Override
            public void read(DataInputView in) throws IOException {
                byte[] value = new byte[84];
                for (int i = 0; i < count; i++) {
                    if (in.readInt() != i || in.readLong() != i) {
                        throw new IOException("record " + i + " is not what was written");
                    }
                    in.readFully(value);
                }
            }
        };
    }

    private static void run(String name, int rounds, int fetches, int units, Payload payload)
            throws Exception {
        Configuration conf = new Configuration();
        try (TransferService from =
                        TransferService.acquire(ResourceID.generate(), conf, "127.0.0.1");
                TransferService to =
                        TransferService.acquire(ResourceID.generate(), conf, "127.0.0.1")) {
            for (int round = 0; round < rounds; round++) {
                TransferSession session = new TransferSession(new JobID(), "owner", round);
                from.serve(session, unit -> CompletableFuture.completedFuture(payload::write));
                long start = System.nanoTime();
                long bytes = fetchAll(from.endpoint(), to, session, fetches, units, payload);
                double seconds = (System.nanoTime() - start) / 1e9;
                from.withdraw(session);
                System.out.printf(
                        Locale.ROOT,
                        "%-45s round %d: %,14d bytes %7.3f s %7.2f GB/s%n",
                        name,
                        round,
                        bytes,
                        seconds,
                        bytes / seconds / 1e9);
            }
        }
    }

    private static long fetchAll(
            TransferEndpoint endpoint,
            TransferService to,
            TransferSession session,
            int fetches,
            int units,
            Payload payload)
            throws ExecutionException, InterruptedException {
        List<FetchHandle> handles = new ArrayList<>();
        int each = units / fetches;
        for (int f = 0; f < fetches; f++) {
            List<Integer> wanted = IntStream.range(f * each, (f + 1) * each).boxed().toList();
            handles.add(to.fetch(endpoint, session, wanted, (unit, in) -> payload.read(in)));
        }
        long bytes = 0;
        for (FetchHandle handle : handles) {
            bytes += handle.done().get().bytes();
        }
        return bytes;
    }
}
