package dev.tern.rescale.transfer;

import org.apache.flink.core.memory.DataInputDeserializer;

import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** {@link ChunkedOutput} and {@link ChunkedInput}, against the JDK's streams. */
class ChunkedStreamsTest {

    private static final int CHUNK = 16;

    /** Carries chunks from an output to an input. */
    private static final class Wire implements ChunkedInput.Source, ChunkedOutput.Target {
        final Deque<Frame> chunks = new ArrayDeque<>();
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int released;
        boolean sawLast;

        @Override
        public void chunk(byte[] array, int offset, int length, boolean last) {
            assertThat(sawLast).isFalse();
            sawLast = last;
            bytes.write(array, offset, length);
            byte[] copy = Arrays.copyOfRange(array, offset, offset + length);
            chunks.add(
                    new Frame(
                            new FrameHeader(FrameType.CHUNK, last, 0, 0, 0, length, 0),
                            Unpooled.wrappedBuffer(copy)));
        }

        @Override
        public Frame next() {
            return chunks.remove();
        }

        @Override
        public void release(Frame chunk) {
            chunk.release();
            released++;
        }
    }

    private final Wire wire = new Wire();
    private final byte[] array = new byte[CHUNK + 10];
    private final ChunkedOutput out = new ChunkedOutput(array, 5, CHUNK, wire);
    private final ChunkedInput in = new ChunkedInput(wire);

    private static void writeRandom(int kind, Random random, DataOutput out) throws IOException {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        switch (kind) {
            case 0 -> out.write(random.nextInt());
            case 1 -> out.writeBoolean(random.nextBoolean());
            case 2 -> out.writeShort(random.nextInt());
            case 3 -> out.writeChar(random.nextInt());
            case 4 -> out.writeInt(random.nextInt());
            case 5 -> out.writeLong(random.nextLong());
            case 6 -> out.writeFloat(random.nextFloat());
            case 7 -> out.writeDouble(random.nextDouble());
            case 8 -> out.write(bytes, 0, bytes.length);
            case 9 -> out.writeUTF(text(random));
            case 10 -> out.writeBytes(text(random));
            case 11 -> out.writeChars(text(random));
            default -> throw new IllegalArgumentException("kind " + kind);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            int[] limits = {0x80, 0x800, 0x10000};
            text.append((char) random.nextInt(limits[random.nextInt(3)]));
        }
        return text.toString();
    }

    private static Object readRandom(int kind, Random random, DataInput in) throws IOException {
        byte[] bytes = new byte[random.nextInt(40)];
        return switch (kind) {
            case 0 -> in.readByte();
            case 1 -> in.readBoolean();
            case 2 -> in.readShort();
            case 3 -> in.readChar();
            case 4 -> in.readInt();
            case 5 -> in.readLong();
            case 6 -> in.readFloat();
            case 7 -> in.readDouble();
            case 8 -> {
                in.readFully(bytes);
                yield Arrays.toString(bytes);
            }
            case 9 -> in.readUnsignedShort();
            case 10 -> in.readUnsignedByte();
            case 11 -> in.skipBytes(bytes.length);
            default -> throw new IllegalArgumentException("kind " + kind);
        };
    }

    @Test
    void everyWriteGivesTheBytesOfTheJdk() throws IOException {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        DataOutputStream jdk = new DataOutputStream(expected);
        for (int seed = 0; seed < 20_000; seed++) {
            writeRandom(seed % 12, new Random(seed / 3), jdk);
            writeRandom(seed % 12, new Random(seed / 3), out);
        }
        out.finish();

        assertThat(wire.bytes.toByteArray()).isEqualTo(expected.toByteArray());
        assertThat(wire.sawLast).isTrue();
        assertThat(wire.chunks).allMatch(chunk -> chunk.header().length() <= CHUNK);
        assertThat(Arrays.copyOf(array, 5)).containsOnly(0);
        assertThat(Arrays.copyOfRange(array, 5 + CHUNK, array.length)).containsOnly(0);
    }

    @Test
    void everyReadGivesTheValueOfFlinksOwnView() throws IOException {
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        out.write(bytes);
        out.finish();
        DataInputDeserializer flink = new DataInputDeserializer(bytes);
        List<Object> expected = new ArrayList<>();
        List<Object> got = new ArrayList<>();
        for (int seed = 0; flink.available() > 100; seed++) {
            int kind = (seed * 7) % 12;
            expected.add(readRandom(kind, new Random(seed), flink));
            got.add(readRandom(kind, new Random(seed), in));
        }

        assertThat(got).isEqualTo(expected);
        assertThat(in.bytesRead()).isEqualTo(bytes.length - flink.available());
    }

    @Test
    void utfAndLinesAreReadAsWritten() throws IOException {
        String text = "ä\u0000€ word ".repeat(50);
        out.writeUTF(text);
        out.writeBytes("first\r\nsecond\nthird\rlast");
        out.finish();

        assertThat(in.readUTF()).isEqualTo(text);
        assertThat(in.readLine()).isEqualTo("first");
        assertThat(in.readLine()).isEqualTo("second");
        assertThat(in.readLine()).isEqualTo("third");
        assertThat(in.readLine()).isEqualTo("last");
        assertThat(in.readLine()).isNull();
        in.finish();
    }

    @Test
    void aFullLastChunkNeedsNoEmptyOneBehindIt() throws IOException {
        out.write(new byte[2 * CHUNK]);
        out.finish();

        assertThat(wire.chunks).extracting(c -> c.header().length()).containsExactly(16, 16);
    }

    @Test
    void aUnitWithoutBytesIsOneEmptyChunk() throws IOException {
        out.finish();

        assertThat(wire.chunks).hasSize(1);
        assertThat(in.read(new byte[1])).isEqualTo(-1);
        in.finish();
    }

    @Test
    void copyingAndSkippingCrossChunks() throws IOException {
        byte[] bytes = new byte[50];
        Arrays.fill(bytes, (byte) 7);
        out.write(new DataInputDeserializer(bytes), 50);
        out.skipBytesToWrite(50);
        out.finish();

        byte[] got = new byte[50];
        in.readFully(got);
        assertThat(got).isEqualTo(bytes);
        in.readFully(got);
        assertThat(got).containsOnly(0);
    }

    @Test
    void stringsTooLongForUtfAreRefused() {
        assertThatThrownBy(() -> out.writeUTF("€".repeat(21846)))
                .isInstanceOf(UTFDataFormatException.class);
    }

    @Test
    void everyChunkIsReleasedOnce() throws IOException {
        out.write(new byte[5 * CHUNK]);
        out.finish();
        in.skipBytesToRead(3 * CHUNK + 1);
        assertThat(wire.released).isEqualTo(3);

        in.close();
        in.close();

        assertThat(wire.released).isEqualTo(4);
        assertThat(in.bytesRead()).isEqualTo(3 * CHUNK + 1);
    }

    @Test
    void readingOnIsAnEndOfFile() throws IOException {
        out.writeInt(1);
        out.finish();
        in.readShort();

        assertThatThrownBy(in::readInt)
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("ends after 4 bytes");
        assertThatThrownBy(() -> in.skipBytesToRead(1)).isInstanceOf(EOFException.class);
    }

    @Test
    void neitherSideWorksAfterItsEnd() throws IOException {
        out.finish();
        assertThatThrownBy(() -> out.write(new byte[100]))
                .hasMessageContaining("after its writeTo had returned");

        in.close();
        assertThatThrownBy(in::readByte).hasMessageContaining("after its receive had returned");
    }
}
