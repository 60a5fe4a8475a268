package dev.tern.tests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between new and old owners and harms one of the connections, counted from 0. */
final class TransferProxy implements AutoCloseable {

    /** What happens to a connection. */
    enum Harm {
        /** It is closed as soon as it is made. */
        REFUSE,
        /** It is reset in the middle. */
        CUT,
        /** A bit of what the old owner sends is flipped. */
        DAMAGE,
        /** Nothing comes any more, and nobody says so. */
        STALL
    }

    private static final String HOST = "127.0.0.1";

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getByName(HOST));
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final String host;
    private final int port;
    private final Harm harm;
    private final int connection;
    private final int offset;
    private final Runnable onHarm;

    /**
     * @param connection which one is harmed
     * @param offset how many bytes of the old owner pass before
     */
    TransferProxy(String host, int port, Harm harm, int connection, int offset, Runnable onHarm)
            throws IOException {
        this.host = host;
        this.port = port;
        this.harm = harm;
        this.connection = connection;
        this.offset = offset;
        this.onHarm = onHarm;
        start("accept", this::accept);
    }

    String host() {
        return HOST;
    }

    int port() {
        return listening.getLocalPort();
    }

    private interface Body {
        void run() throws IOException;
    }

    private static void start(String name, Body body) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                body.run();
                            } catch (IOException e) {
                                // A side has closed; the other one has been told.
                            }
                        },
                        "test-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        for (int i = 0; ; i++) {
            Socket newOwner = listening.accept();
            sockets.add(newOwner);
            boolean harmed = i == connection;
            if (harmed && harm == Harm.REFUSE) {
                onHarm.run();
                newOwner.close();
                continue;
            }
            Socket oldOwner = new Socket(host, port);
            sockets.add(oldOwner);
            start("up", () -> pump(newOwner, oldOwner, -1));
            start("down", () -> pump(oldOwner, newOwner, harmed ? offset : -1));
        }
    }

    private void pump(Socket from, Socket to, int harmAt) throws IOException {
        try (from;
                to) {
            byte[] buffer = new byte[4096];
            long passed = 0;
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (harmAt >= passed && harmAt < passed + n) {
                    onHarm.run();
                    int at = (int) (harmAt - passed);
                    switch (harm) {
                        case DAMAGE -> buffer[at] ^= 4;
                        case CUT -> {
                            out.write(buffer, 0, at);
                            to.setSoLinger(true, 0);
                            return;
                        }
                        default -> {
                            // Reads on, so that the sender notices nothing.
                            while (in.read(buffer) >= 0) {}
                            return;
                        }
                    }
                }
                out.write(buffer, 0, n);
                passed += n;
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
