package dev.tern.rescale.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;

/** Stands between new and old owner for one connection, and harms it. */
final class Proxy implements AutoCloseable {

    private final ServerSocket listening;
    private final TransferEndpoint behind;
    private final int offset;
    private final boolean kill;
    private final AtomicReference<Socket> client = new AtomicReference<>();
    private final AtomicReference<Socket> server = new AtomicReference<>();
    private final Thread thread = new Thread(this::run, "test-proxy");

    private Proxy(TransferEndpoint behind, int offset, boolean kill) throws IOException {
        this.listening = new ServerSocket(0, 1, InetAddress.getByName(TwoTaskExecutors.HOST));
        this.behind = behind;
        this.offset = offset;
        this.kill = kill;
        thread.setDaemon(true);
        thread.start();
    }

    /** Flips a bit of the byte at {@code offset} of what the old owner sends. */
    static Proxy flipping(TransferEndpoint behind, int offset) throws IOException {
        return new Proxy(behind, offset, false);
    }

    /** Resets both connections after {@code offset} bytes from the old owner. */
    static Proxy killing(TransferEndpoint behind, int offset) throws IOException {
        return new Proxy(behind, offset, true);
    }

    TransferEndpoint endpoint() {
        return new TransferEndpoint(
                TwoTaskExecutors.HOST, listening.getLocalPort(), behind.token());
    }

    private void run() {
        try {
            client.set(listening.accept());
            server.set(new Socket(behind.host(), behind.port()));
            Thread back = new Thread(() -> pump(client.get(), server.get(), -1), "test-proxy-up");
            back.setDaemon(true);
            back.start();
            pump(server.get(), client.get(), offset);
        } catch (IOException e) {
            // Closed by the test.
        }
    }

    private void pump(Socket from, Socket to, int harmAt) {
        byte[] buffer = new byte[1024];
        long passed = 0;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (harmAt >= passed && harmAt < passed + n) {
                    int at = (int) (harmAt - passed);
                    if (kill) {
                        out.write(buffer, 0, at);
                        reset();
                        return;
                    }
                    buffer[at] ^= 4;
                }
                out.write(buffer, 0, n);
                passed += n;
            }
            to.close();
        } catch (IOException e) {
            // One side is gone; the other one shall notice.
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private void reset() throws IOException {
        client.get().setSoLinger(true, 0);
        client.get().close();
        server.get().setSoLinger(true, 0);
        server.get().close();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    @Override
    public void close() throws Exception {
        listening.close();
        thread.join(TwoTaskExecutors.WAIT_SECONDS * 1000);
    }
}
