package dev.tern.streaming.state;

import dev.tern.streaming.state.rocksdb.RocksStateMover;

import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Moves key groups of values of 1000 bytes between two databases. Arguments: MiB of a key group, key
 * groups. Prints, for entries written as they come and for files, MiB/s of extraction and of arrival
 * and the milliseconds that a key group takes in the mailbox to leave and to come; what a record of
 * another key group takes at the new owner while units arrive; then MiB/s, and the time of all
 * threads, of a move within a process: over a loopback socket, with a thread at each end, and
 * straight from one database into the other, by one thread.
 */
public final class RocksMoveBenchmark {

    private static final int SOCKET_BUFFER = 256 << 10;

    private final double mib;
    private final int groups;

    private HarnessSubtask newOwner;

    private RocksMoveBenchmark(double mib, int groups) {
        this.mib = mib;
        this.groups = groups;
    }

    /** Moves one key group. */
    private interface Way {
        void move(MovableState from, MovableState to, int group) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        RocksMoveBenchmark benchmark =
                new RocksMoveBenchmark(
                        args.length > 0 ? Double.parseDouble(args[0]) : 8,
                        args.length > 1 ? Integer.parseInt(args[1]) : 8);
        HarnessSubtask.useBackend(() -> OnRocks.backend(new OnRocks().configuration()));
        for (int round = 0; round < 3; round++) {
            benchmark.parts("entry by entry", Long.MAX_VALUE);
            benchmark.parts("as files", 0);
            benchmark.records();
            benchmark.whole("over a socket", RocksMoveBenchmark::overASocket);
            benchmark.whole("straight", RocksMoveBenchmark::straight);
        }
    }

    /** Each part by itself. */
    private void parts(String name, long fileBytes) throws Exception {
        double[] millis = new double[4];
        double moved =
                run(
                        fileBytes,
                        (from, to, group) -> {
                            long start = System.nanoTime();
                            OperatorUnit unit = from.detach(List.of(group)).get(group);
                            millis[0] += millisSince(start);
                            UnitCodec encoder = from.encoder();
                            UnitCodec decoder = to.decoder(from.schema());
                            DataOutputSerializer out = new DataOutputSerializer(1 << 24);
                            start = System.nanoTime();
                            encoder.write(unit, out);
                            unit.close();
                            millis[1] += millisSince(start);
                            start = System.nanoTime();
                            OperatorUnit arrived =
                                    decoder.read(
                                            group,
                                            new DataInputDeserializer(
                                                    out.getSharedBuffer(), 0, out.length()));
                            millis[2] += millisSince(start);
                            start = System.nanoTime();
                            to.install(group, arrived);
                            millis[3] += millisSince(start);
                        });
        print(
                "%s: extract %.0f MiB/s, arrive %.0f MiB/s; in the mailbox leave %.2f ms, come"
                        + " %.2f ms",
                name,
                moved / millis[1] * 1000,
                moved / millis[2] * 1000,
                millis[0] / groups,
                millis[3] / groups);
    }

    /** What the task does meanwhile. */
    private void records() throws Exception {
        List<Long> nanos = new ArrayList<>();
        int other = HarnessSubtask.keyOf(HarnessSubtask.MAX_PARALLELISM - 1, 0);
        run(
                Long.MAX_VALUE,
                (from, to, group) -> {
                    UnitCodec decoder = to.decoder(from.schema());
                    DataOutputSerializer out = new DataOutputSerializer(1 << 24);
                    OperatorUnit unit = from.detach(List.of(group)).get(group);
                    from.encoder().write(unit, out);
                    unit.close();
                    CompletableFuture<OperatorUnit> arriving =
                            CompletableFuture.supplyAsync(() -> read(decoder, group, out));
                    while (!arriving.isDone()) {
                        long start = System.nanoTime();
                        newOwner.send(other, 1);
                        nanos.add(System.nanoTime() - start);
                    }
                    to.install(group, arriving.join());
                });
        Collections.sort(nanos);
        print(
                "beside arriving units a record takes %.3f ms on average, %.1f ms at p99, %.1f ms"
                        + " at most",
                nanos.stream().mapToLong(Long::longValue).average().orElseThrow() / 1e6,
                nanos.get(nanos.size() * 99 / 100) / 1e6,
                nanos.get(nanos.size() - 1) / 1e6);
    }

    private static OperatorUnit read(UnitCodec decoder, int group, DataOutputSerializer out) {
        try {
            return decoder.read(
                    group, new DataInputDeserializer(out.getSharedBuffer(), 0, out.length()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All of it. */
    private void whole(String name, Way way) throws Exception {
        double[] millis = new double[2];
        double moved =
                run(
                        Long.MAX_VALUE,
                        (from, to, group) -> {
                            long cpu = processCpuNanos();
                            long start = System.nanoTime();
                            way.move(from, to, group);
                            millis[0] += millisSince(start);
                            millis[1] += (processCpuNanos() - cpu) / 1e6;
                        });
        print(
                "%s: %.0f MiB/s, %.1f ms of all threads a MiB",
                name,
                moved / millis[0] * 1000,
                millis[1] / moved);
    }

    private static void overASocket(MovableState from, MovableState to, int group)
            throws Exception {
        UnitCodec encoder = from.encoder();
        UnitCodec decoder = to.decoder(from.schema());
        OperatorUnit unit = from.detach(List.of(group)).get(group);
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            CompletableFuture<Void> sent =
                    CompletableFuture.runAsync(() -> send(encoder, unit, accepted));
            OperatorUnit arrived =
                    decoder.read(
                            group,
                            new DataInputViewStreamWrapper(
                                    new BufferedInputStream(
                                            client.getInputStream(), SOCKET_BUFFER)));
            sent.join();
            to.install(group, arrived);
        }
    }

    private static void send(UnitCodec encoder, OperatorUnit unit, Socket socket) {
        try {
            DataOutputViewStreamWrapper out =
                    new DataOutputViewStreamWrapper(
                            new BufferedOutputStream(socket.getOutputStream(), SOCKET_BUFFER));
            encoder.write(unit, out);
            out.flush();
            unit.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void straight(MovableState from, MovableState to, int group) {
        OperatorUnit unit = from.detach(List.of(group)).get(group);
        to.install(group, unit);
    }

    /** Fills a database and moves it all; returns how many MiB that were. */
    private double run(long fileBytes, Way way) throws Exception {
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
            newOwner = right;
            StateMover mover = new RocksStateMover(fileBytes);
            MovableState from = mover.open(left.backend(), List::of);
            MovableState to = mover.open(right.backend(), List::of);
            for (int group = 0; group < groups; group++) {
                way.move(from, to, group);
            }
            return mib * groups;
        }
    }

    private void print(String format, Object... values) {
        System.out.printf(
                Locale.ROOT, "%.1f MiB x %d %s%n", mib, groups, format.formatted(values));
    }

    private static double millisSince(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    static long processCpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
