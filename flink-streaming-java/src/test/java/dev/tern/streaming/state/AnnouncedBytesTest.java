package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.core.memory.DataInputViewStreamWrapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

class AnnouncedBytesTest {

    private static final int PIECE = AnnouncedBytes.PIECE;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 5 * PIECE + 7})
    void whatWasAnnouncedIsRead(int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        assertThat(AnnouncedBytes.read(new Stream(length, bytes).view())).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 3 * PIECE})
    void aLengthWithoutBytesMakesNoRoom(int sent) {
        Stream stream = new Stream(Integer.MAX_VALUE, new byte[sent]);
        assertThatThrownBy(() -> AnnouncedBytes.read(stream.view()))
                .isInstanceOf(EOFException.class);
        assertThat(stream.mostRoom).isLessThanOrEqualTo(Math.max(PIECE, 2 * sent));
    }

    @Test
    void aNegativeLengthIsRefused() {
        assertThatThrownBy(() -> AnnouncedBytes.read(new Stream(-1, new byte[8]).view()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("announced as -1");
    }

    /** A length and bytes; remembers the largest array it was asked to fill. */
    private static final class Stream extends ByteArrayInputStream {

        private int mostRoom;

        private Stream(int announced, byte[] sent) {
            super(
                    ByteBuffer.allocate(Integer.BYTES + sent.length)
                            .putInt(announced)
                            .put(sent)
                            .array());
        }

        private DataInputViewStreamWrapper view() {
            return new DataInputViewStreamWrapper(this);
        }

        @Override
        public synchronized int read(byte[] to, int offset, int length) {
            mostRoom = Math.max(mostRoom, to.length);
            return super.read(to, offset, length);
        }
    }
}
