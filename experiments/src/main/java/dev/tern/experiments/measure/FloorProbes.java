package dev.tern.experiments.measure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Probes the {@link Floors}; takes about a second and both cores. */
public final class FloorProbes {

    private static final int FRAME_BYTES = 32 * 1024;
    private static final int COPY_BYTES = 64 << 20;
    private static final long LOOPBACK_BYTES = 512L << 20;
    private static final int COPIES = 12;
    private static final int ROUND_TRIPS = 2_000;

    private FloorProbes() {}

    /** Runs all probes one after the other. */
    public static Floors probe() throws IOException, InterruptedException {
        return new Floors(memcpy(), loopback(), handOff());
    }

    private static double memcpy() {
        byte[] from = new byte[COPY_BYTES];
        byte[] to = new byte[COPY_BYTES];
        double best = 0;
        for (int i = 0; i < COPIES; i++) {
            from[i] = (byte) i;
            long start = System.nanoTime();
            System.arraycopy(from, 0, to, 0, COPY_BYTES);
            best = Math.max(best, COPY_BYTES * 1e9 / (System.nanoTime() - start));
        }
        return best;
    }

    private static double loopback() throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket sender = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket receiver = server.accept()) {
            AtomicLong received = new AtomicLong();
            Thread reader = new Thread(() -> received.set(drain(receiver)), "loopback-reader");
            long start = System.nanoTime();
            reader.start();
            OutputStream out = sender.getOutputStream();
            byte[] frame = new byte[FRAME_BYTES];
            for (long sent = 0; sent < LOOPBACK_BYTES; sent += FRAME_BYTES) {
                out.write(frame);
            }
            sender.shutdownOutput();
            reader.join();
            if (received.get() != LOOPBACK_BYTES) {
                throw new IOException(
                        "Loopback probe sent "
                                + LOOPBACK_BYTES
                                + " bytes and received "
                                + received.get());
            }
            return LOOPBACK_BYTES * 1e9 / (System.nanoTime() - start);
        }
    }

    private static long drain(Socket socket) {
        byte[] buffer = new byte[FRAME_BYTES];
        long total = 0;
        try {
            InputStream in = socket.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                total += read;
            }
        } catch (IOException cut) {
            return total;
        }
        return total;
    }

    private static double handOff() throws InterruptedException {
        Thread caller = Thread.currentThread();
        AtomicLong turns = new AtomicLong();
        Thread echo =
                new Thread(
                        () -> {
                            for (long turn = 1; turn < 2 * ROUND_TRIPS; turn += 2) {
                                awaitTurn(turns, turn);
                                turns.set(turn + 1);
                                LockSupport.unpark(caller);
                            }
                        },
                        "hand-off-echo");
        echo.setDaemon(true);
        echo.start();
        long[] nanos = new long[ROUND_TRIPS];
        for (int i = 0; i < ROUND_TRIPS; i++) {
            long start = System.nanoTime();
            turns.set(2L * i + 1);
            LockSupport.unpark(echo);
            awaitTurn(turns, 2L * i + 2);
            nanos[i] = System.nanoTime() - start;
        }
        echo.join();
        Arrays.sort(nanos);
        return nanos[ROUND_TRIPS / 2] / 1e3;
    }

    /** Parks without spinning, as a task that waits for its mailbox does. */
    private static void awaitTurn(AtomicLong turns, long turn) {
        while (turns.get() != turn) {
            LockSupport.park(turns);
        }
    }
}
