package dev.tern.rescale.transfer;

import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBufUtil;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;
import org.apache.flink.shaded.netty4.io.netty.buffer.UnpooledByteBufAllocator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FrameDecoderTest {

    private static final int CHUNK_BYTES = 2000;
    private static final FrameLimits LIMITS = FrameLimits.oldOwner(CHUNK_BYTES);
    private static final int BOUND = FrameLimits.ERROR_BYTES;

    /** A received frame by value. */
    private record Seen(FrameHeader header, String payload) {}

    private final CountingAllocator allocator = new CountingAllocator();
    private final List<Seen> seen = new ArrayList<>();

    private void see(Frame frame) {
        seen.add(new Seen(frame.header(), ByteBufUtil.hexDump(frame.payload())));
        frame.release();
    }

    private static byte[] frame(FrameHeader header, byte[] payload) {
        ByteBuf frame = Frame.encode(UnpooledByteBufAllocator.DEFAULT, header, payload, 0);
        byte[] bytes = ByteBufUtil.getBytes(frame);
        frame.release();
        return bytes;
    }

    private static byte[] chunk(int unit, int seq, boolean last, byte[] payload) {
        return frame(
                new FrameHeader(FrameType.CHUNK, last, 5, unit, seq, payload.length, 0), payload);
    }

    private static byte[] control(FrameType type, byte[] payload) {
        return frame(new FrameHeader(type, false, 5, 0, 0, payload.length, 0), payload);
    }

    /** Some frames of each kind that an old owner sends. */
    private static byte[] stream(Random random) {
        ByteBuf stream = Unpooled.buffer();
        for (int unit = 0; unit < 3; unit++) {
            byte[] payload = new byte[random.nextInt(CHUNK_BYTES + 1)];
            random.nextBytes(payload);
            stream.writeBytes(chunk(unit, 0, false, payload));
            stream.writeBytes(control(FrameType.ALIVE, new byte[0]));
            stream.writeBytes(chunk(unit, 1, true, new byte[unit]));
        }
        stream.writeBytes(control(FrameType.DONE, new byte[Long.BYTES]));
        stream.writeBytes(control(FrameType.ERROR, "why".getBytes()));
        return ByteBufUtil.getBytes(stream);
    }

    /** Feeds bytes in pieces of random size; returns the error that ended it, if any. */
    private FrameException feed(byte[] bytes, Random random) {
        try (FrameDecoder decoder = new FrameDecoder(allocator, LIMITS)) {
            int at = 0;
            while (at < bytes.length) {
                int n = Math.min(bytes.length - at, 1 + random.nextInt(1500));
                decoder.feed(Unpooled.wrappedBuffer(bytes, at, n), this::see);
                at += n;
            }
            return null;
        } catch (FrameException e) {
            return e;
        }
    }

    @Test
    void framesAreTheSameHoweverTheStreamIsCut() {
        byte[] stream = stream(new Random(1));
        assertThat(feed(stream, new Random(2))).isNull();
        List<Seen> first = List.copyOf(seen);
        assertThat(first).hasSize(11);
        for (int seed = 3; seed < 50; seed++) {
            seen.clear();
            assertThat(feed(stream, new Random(seed))).isNull();
            assertThat(seen).isEqualTo(first);
        }
    }

    @Test
    void bytesOneByOneAreEnough() throws FrameException {
        byte[] stream = stream(new Random(1));
        try (FrameDecoder decoder = new FrameDecoder(allocator, LIMITS)) {
            for (byte b : stream) {
                decoder.feed(Unpooled.wrappedBuffer(new byte[] {b}), this::see);
            }
        }
        assertThat(seen).hasSize(11);
        assertThat(allocator.inUse()).isZero();
    }

    @Test
    void randomBytesOnlyEverBreakTheProtocol() {
        int refused = 0;
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(4000)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                // Past the magic, the version and perhaps the type and the flags.
                byte[] start = chunk(0, 0, false, new byte[0]);
                int n = Math.min(bytes.length, 3 + random.nextInt(6));
                System.arraycopy(start, 0, bytes, 0, n);
            }
            refused += feed(bytes, random) == null ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(1800);
        assertThat(seen).isEmpty();
        assertThat(allocator.biggest()).isLessThanOrEqualTo(BOUND);
        assertThat(allocator.inUse()).isZero();
    }

    @Test
    void aFlippedBitNeverPassesForAFrame() {
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            byte[] stream = stream(random);
            seen.clear();
            feed(stream, random);
            List<Seen> sent = List.copyOf(seen);

            int bit = random.nextInt(stream.length * 8);
            stream[bit / 8] ^= (byte) (1 << bit % 8);
            seen.clear();
            feed(stream, random);

            // Either refused, or an announced length keeps it waiting for more.
            assertThat(seen).as("seed %s", seed).hasSizeLessThan(sent.size());
            assertThat(seen).isEqualTo(sent.subList(0, seen.size()));
        }
        assertThat(allocator.biggest()).isLessThanOrEqualTo(BOUND);
        assertThat(allocator.inUse()).isZero();
    }

    @Test
    void severalDamagesAtOnceOnlyEverBreakTheProtocol() {
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            byte[] stream = stream(random);
            for (int i = 0; i < 20; i++) {
                stream[random.nextInt(stream.length)] = (byte) random.nextInt();
            }
            int cut = random.nextInt(stream.length);
            feed(Arrays.copyOfRange(stream, cut, stream.length), random);
            feed(Arrays.copyOf(stream, cut), random);
        }
        assertThat(allocator.biggest()).isLessThanOrEqualTo(BOUND);
        assertThat(allocator.inUse()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {CHUNK_BYTES + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void aLengthOutOfBoundsIsRefusedBeforeAnythingIsAllocated(int length) {
        byte[] header = chunk(0, 0, false, new byte[0]);
        ByteBuffer.wrap(header).putInt(20, length);

        assertThat(feed(header, new Random(1)))
                .hasMessageContaining("CHUNK announces " + length + " bytes");
        assertThat(allocator.biggest()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 9})
    void aNumberMustHaveItsLength(int length) {
        assertThat(feed(control(FrameType.DONE, new byte[length]), new Random(1)))
                .hasMessageContaining("DONE announces " + length + " bytes");
    }

    @Test
    void anotherVersionIsNamed() {
        byte[] chunk = chunk(0, 0, false, new byte[0]);
        chunk[2] = 9;

        assertThat(feed(chunk, new Random(1)))
                .hasMessageContaining("speaks version 1")
                .hasMessageContaining("the other one version 9");
    }

    @Test
    void nothingIsReadAfterAnError() {
        FrameDecoder decoder = new FrameDecoder(allocator, LIMITS);
        byte[] damaged = chunk(0, 0, false, new byte[10]);
        damaged[30] ^= 1;
        assertThatThrownBy(() -> decoder.feed(Unpooled.wrappedBuffer(damaged), this::see))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("Checksum of CHUNK (unit 0, chunk 0, 10 bytes)");

        ByteBuf more = Unpooled.wrappedBuffer(chunk(0, 0, false, new byte[10]));
        assertThat(catchFeed(decoder, more)).isNull();

        assertThat(seen).isEmpty();
        assertThat(allocator.inUse()).isZero();
    }

    private FrameException catchFeed(FrameDecoder decoder, ByteBuf bytes) {
        try {
            decoder.feed(bytes, this::see);
            return null;
        } catch (FrameException e) {
            return e;
        }
    }
}
