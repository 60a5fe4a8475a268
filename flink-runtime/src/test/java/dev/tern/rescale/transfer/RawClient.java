package dev.tern.rescale.transfer;

import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;
import org.apache.flink.shaded.netty4.io.netty.buffer.UnpooledByteBufAllocator;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Speaks to a server frame by frame, as badly as a test wants. */
final class RawClient implements AutoCloseable {

    private static final int REQUEST = 1;

    private final Socket socket;
    private final FrameDecoder decoder =
            new FrameDecoder(UnpooledByteBufAllocator.DEFAULT, FrameLimits.oldOwner(1 << 20));
    private final Deque<Frame> received = new ArrayDeque<>();

    RawClient(TransferEndpoint server) throws IOException {
        socket = new Socket(server.host(), server.port());
        socket.setSoTimeout((int) TwoTaskExecutors.WAIT_SECONDS * 1000);
    }

    void send(FrameType type, byte[] payload) throws IOException {
        ByteBuf frame = Frame.encode(UnpooledByteBufAllocator.DEFAULT, type, REQUEST, payload);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes).release();
        send(bytes);
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void hello(byte[] token, TransferSession session, int chunkBytes, int credits)
            throws IOException {
        send(FrameType.HELLO, new Hello(token, session, chunkBytes, credits).encode());
    }

    void request(int... units) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(units.length * Integer.BYTES);
        payload.asIntBuffer().put(units);
        send(FrameType.REQUEST, payload.array());
    }

    /** Waits for a frame; null once the server has closed. */
    Frame receive() throws IOException {
        byte[] buffer = new byte[64 * 1024];
        while (received.isEmpty()) {
            int n = read(buffer);
            if (n < 0) {
                return null;
            }
            decoder.feed(Unpooled.wrappedBuffer(buffer, 0, n), received::add);
        }
        return received.remove();
    }

    /** The text of the ERROR that comes next, before the server closes. */
    String error() throws IOException {
        Frame frame = receive();
        while (frame != null && frame.type() != FrameType.ERROR) {
            frame = receive();
        }
        if (frame == null) {
            throw new IOException("the server closed without an error");
        }
        String text = frame.text();
        if (receive() != null) {
            throw new IOException("the server went on after an error");
        }
        return text;
    }

    private int read(byte[] buffer) throws IOException {
        try {
            return socket.getInputStream().read(buffer);
        } catch (SocketException reset) {
            return -1;
        }
    }

    /** Closes with a reset, as a process that dies. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        decoder.close();
    }
}
