package dev.tern.rescale.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.core.memory.DataInputView;

import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBufUtil;
import org.apache.flink.shaded.netty4.io.netty.buffer.UnpooledByteBufAllocator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Whatever bytes come, the two ends of a transfer only ever refuse them: no thread, buffer or
 * session is lost, and the next fetch works. Frames carry right checksums, so that damage is not
 * all that is found. Seeded; a failure names its seed.
 */
class TransferFuzzTest {

    private static final int SEEDS = 300;
    private static final byte[] UNIT = new byte[10_000];

    private final TwoTaskExecutors two =
            new TwoTaskExecutors(TwoTaskExecutors.tight(Duration.ofSeconds(2)));

    @AfterEach
    void closeBoth() throws Exception {
        two.close();
    }

    @Test
    void anOldOwnerOnlyEverRefuses() throws Exception {
        two.serve(unit -> out -> out.write(UNIT));
        for (int seed = 0; seed < SEEDS; seed++) {
            converse(newOwnersSide(new Random(seed)));
        }
        assertThat(TwoTaskExecutors.await(two.fetch(List.of(1, 2), TransferFuzzTest::read)).bytes())
                .isEqualTo(2L * UNIT.length);
    }

    @Test
    void aNewOwnerOnlyEverFails() throws Exception {
        two.serve(unit -> out -> out.write(UNIT));
        for (int seed = 0; seed < SEEDS; seed++) {
            byte[] answer = oldOwnersSide(new Random(seed));
            try (ServerSocket liar =
                    new ServerSocket(0, 1, InetAddress.getByName(TwoTaskExecutors.HOST))) {
                FetchHandle fetch =
                        two.newOwner.fetch(
                                new TransferEndpoint(
                                        TwoTaskExecutors.HOST, liar.getLocalPort(), new byte[32]),
                                TwoTaskExecutors.SESSION,
                                List.of(1, 2),
                                TransferFuzzTest::read);
                try (Socket newOwner = liar.accept()) {
                    write(newOwner, answer);
                }
                assertThat(fetch.done().handle((stats, failure) -> failure).get(30, TimeUnit.SECONDS))
                        .as("seed %s", seed)
                        .isInstanceOf(TransferException.class);
            }
        }
        assertThat(TwoTaskExecutors.await(two.fetch(List.of(1), TransferFuzzTest::read)).units())
                .isEqualTo(1);
    }

    private static void read(int unit, DataInputView in) throws IOException {
        in.readFully(new byte[UNIT.length]);
    }

    /** Sends it all and waits until the server has had enough. */
    private void converse(byte[] bytes) throws Exception {
        TransferEndpoint server = two.oldOwner.endpoint();
        try (Socket socket = new Socket(server.host(), server.port())) {
            socket.setSoTimeout(30_000);
            write(socket, bytes);
            drain(socket.getInputStream());
        }
    }

    private static void write(Socket to, byte[] bytes) throws IOException {
        try {
            to.getOutputStream().write(bytes);
            to.shutdownOutput();
        } catch (SocketException refused) {
            // It has read enough.
        }
    }

    private static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[4096];
        try {
            int n = in.read(buffer);
            while (n >= 0) {
                n = in.read(buffer);
            }
        } catch (SocketException reset) {
            // Closed with bytes of ours unread.
        }
    }

    /** A greeting, often right, then frames of all kinds with fields of all kinds. */
    private byte[] newOwnersSide(Random random) throws TransferException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] hello =
                new Hello(
                                two.oldOwner.endpoint().token(),
                                TwoTaskExecutors.SESSION,
                                random.nextBoolean() ? 4096 : random.nextInt(),
                                random.nextBoolean() ? 4 : random.nextInt())
                        .encode();
        if (random.nextInt(4) == 0) {
            damage(hello, random);
        }
        add(out, FrameType.HELLO, hello, random);
        for (int frames = random.nextInt(6); frames > 0; frames--) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    ByteBuffer units = ByteBuffer.allocate(4 * (1 + random.nextInt(50)));
                    while (units.hasRemaining()) {
                        units.putInt(random.nextBoolean() ? random.nextInt(100) : random.nextInt());
                    }
                    add(out, FrameType.REQUEST, units.array(), random);
                }
                case 1 ->
                        add(
                                out,
                                FrameType.CREDIT,
                                ByteBuffer.allocate(4)
                                        .putInt(random.nextBoolean() ? 1 : random.nextInt())
                                        .array(),
                                random);
                default -> anything(out, random);
            }
        }
        return mutated(out.toByteArray(), random);
    }

    private static byte[] oldOwnersSide(Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int frames = random.nextInt(8); frames > 0; frames--) {
            if (random.nextBoolean()) {
                byte[] payload = new byte[random.nextInt(4096)];
                random.nextBytes(payload);
                frame(
                        out,
                        new FrameHeader(
                                FrameType.CHUNK,
                                random.nextInt(4) == 0,
                                random.nextInt(3) == 0 ? random.nextInt() : 1,
                                random.nextInt(3),
                                random.nextInt(3),
                                payload.length,
                                0),
                        payload);
            } else {
                anything(out, random);
            }
        }
        return mutated(out.toByteArray(), random);
    }

    private static void anything(ByteArrayOutputStream out, Random random) {
        FrameType[] types = FrameType.values();
        byte[] payload = new byte[random.nextBoolean() ? random.nextInt(16) : random.nextInt(5000)];
        random.nextBytes(payload);
        add(out, types[random.nextInt(types.length)], payload, random);
    }

    private static void add(
            ByteArrayOutputStream out, FrameType type, byte[] payload, Random random) {
        boolean plain = random.nextInt(8) != 0;
        frame(
                out,
                new FrameHeader(
                        type,
                        !plain && random.nextBoolean(),
                        plain ? 1 : random.nextInt(),
                        plain ? 0 : random.nextInt(),
                        plain ? 0 : random.nextInt(),
                        payload.length,
                        0),
                payload);
    }

    private static void frame(ByteArrayOutputStream out, FrameHeader header, byte[] payload) {
        ByteBuf frame = Frame.encode(UnpooledByteBufAllocator.DEFAULT, header, payload, 0);
        out.writeBytes(ByteBufUtil.getBytes(frame));
        frame.release();
    }

    private static void damage(byte[] bytes, Random random) {
        for (int i = 1 + random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
    }

    /** Most pass as they are; some are damaged, cut or followed by noise. */
    private static byte[] mutated(byte[] bytes, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> damage(bytes, random);
            case 1 -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            }
            case 2 -> {
                byte[] longer = Arrays.copyOf(bytes, bytes.length + 64);
                byte[] noise = new byte[64];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, longer, bytes.length, noise.length);
                return longer;
            }
            default -> {}
        }
        return bytes;
    }
}
