package dev.tern.rescale.transfer;

import org.apache.flink.api.common.JobID;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HelloTest {

    private static final Hello HELLO =
            new Hello(
                    new byte[] {1, 2, 3},
                    new TransferSession(new JobID(), "attempt_é_1", -5L),
                    4068,
                    16);

    @Test
    void whatIsSaidIsHeard() throws FrameException {
        Hello heard = Hello.decode(ByteBuffer.wrap(HELLO.encode()));

        assertThat(heard).usingRecursiveComparison().isEqualTo(HELLO);
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = HELLO.encode();
        for (int length = 0; length < whole.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Hello.decode(cut)).isInstanceOf(FrameException.class);
        }
    }

    @Test
    void bytesTooManyAreRefused() {
        byte[] whole = HELLO.encode();
        ByteBuffer more = ByteBuffer.wrap(Arrays.copyOf(whole, whole.length + 1));

        assertThatThrownBy(() -> Hello.decode(more)).hasMessageContaining("1 bytes too many");
    }

    @Test
    void damageIsUnderstoodOrRefused() {
        int refused = 0;
        for (int seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = HELLO.encode();
            for (int i = 0; i < 3; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(Hello.decode(ByteBuffer.wrap(bytes)).token()).hasSizeLessThan(65);
            } catch (FrameException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void anOwnerIdTooLongForTheFrameIsNotSent() {
        TransferSession session = new TransferSession(new JobID(), "x".repeat(513), 1);

        assertThatThrownBy(() -> new Hello(new byte[32], session, 1, 1).encode())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("have 513 and 32");
    }

    @Test
    void theLongestHelloFitsItsFrame() {
        TransferSession session = new TransferSession(new JobID(), "x".repeat(512), 1);

        assertThat(new Hello(new byte[64], session, 1, 1).encode())
                .hasSizeLessThanOrEqualTo(FrameLimits.HELLO_BYTES);
    }
}
