package dev.tern.rescale.transfer;

import org.apache.flink.shaded.netty4.io.netty.buffer.ByteBuf;
import org.apache.flink.shaded.netty4.io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ArrivalsTest {

    private static final int REQUEST = 3;
    private static final int WINDOW = 8;

    private final List<Integer> credits = new ArrayList<>();
    private final List<ByteBuf> buffers = new ArrayList<>();
    private final Arrivals arrivals =
            new Arrivals(REQUEST, new int[] {10, 5}, WINDOW, credits::add);

    private Frame frame(FrameType type, int request, int unit, int seq, boolean last, int bytes) {
        ByteBuf payload = Unpooled.buffer(Math.max(1, bytes)).writeZero(bytes);
        buffers.add(payload);
        return new Frame(new FrameHeader(type, last, request, unit, seq, bytes, 0), payload);
    }

    private Frame chunk(int unit, int seq, boolean last) {
        return frame(FrameType.CHUNK, REQUEST, unit, seq, last, 7);
    }

    private Frame done(long total) {
        ByteBuf payload = Unpooled.buffer(8).writeLong(total);
        buffers.add(payload);
        return new Frame(new FrameHeader(FrameType.DONE, false, REQUEST, 0, 0, 8, 0), payload);
    }

    private void refuses(Frame frame, String expected) {
        assertThatThrownBy(() -> arrivals.add(frame))
                .isInstanceOf(FrameException.class)
                .hasMessageContaining("Expected " + expected);
        assertThat(frame.payload().refCnt()).isZero();
    }

    @Test
    void chunksComeOutAsTheyWentIn() throws IOException {
        assertThat(arrivals.hasChunk()).isFalse();
        assertThat(arrivals.add(chunk(10, 0, false))).isTrue();
        assertThat(arrivals.add(chunk(10, 1, true))).isTrue();
        assertThat(arrivals.add(chunk(5, 0, true))).isTrue();
        assertThat(arrivals.add(done(21))).isTrue();

        assertThat(arrivals.isComplete()).isTrue();
        assertThat(arrivals.next().header().seq()).isZero();
        assertThat(arrivals.next().header().seq()).isEqualTo(1);
        assertThat(arrivals.next().header().unit()).isEqualTo(5);
        assertThat(arrivals.hasChunk()).isFalse();
    }

    @Test
    void aSignOfLifeIsNothingForTheReader() throws IOException {
        assertThat(arrivals.add(frame(FrameType.ALIVE, REQUEST, 0, 0, false, 0))).isFalse();
    }

    @Test
    void framesOutOfPlaceAreRefused() throws IOException {
        refuses(frame(FrameType.CHUNK, 4, 10, 0, false, 7), "request 3");
        refuses(chunk(5, 0, false), "unit 10");
        refuses(chunk(10, 1, false), "chunk 0");
        refuses(done(0), "all 2 units before it");
        arrivals.add(chunk(10, 0, true));
        refuses(chunk(10, 1, false), "unit 5");
        arrivals.add(chunk(5, 0, true));
        refuses(chunk(5, 1, true), "no chunk after the last unit");
        refuses(done(13), "a total of 14 bytes and not of 13");
    }

    @Test
    void moreThanTheWindowIsRefused() throws IOException {
        for (int seq = 0; seq < WINDOW; seq++) {
            arrivals.add(chunk(10, seq, false));
        }
        refuses(chunk(10, WINDOW, false), "no more than 8 chunks under way");
    }

    @Test
    void creditComesBackInQuartersOfTheWindow() throws IOException {
        for (int seq = 0; seq < WINDOW; seq++) {
            arrivals.add(chunk(10, seq, false));
        }
        for (int seq = 0; seq < 5; seq++) {
            arrivals.release(arrivals.next());
        }

        assertThat(credits).containsExactly(2, 2);
        for (int seq = WINDOW; seq < WINDOW + 4; seq++) {
            arrivals.add(chunk(10, seq, false));
        }
        refuses(chunk(10, WINDOW + 4, false), "no more than 8 chunks under way");
    }

    @Test
    void failingFreesEverythingAndIsSeenByTheReader() throws IOException {
        arrivals.add(chunk(10, 0, false));
        Frame inHand = arrivals.next();
        arrivals.add(chunk(10, 1, false));
        TransferException cause = new TransferException("over");

        arrivals.fail(cause);
        arrivals.fail(new TransferException("again"));

        assertThat(arrivals.hasChunk()).isFalse();
        assertThatThrownBy(arrivals::next).isSameAs(cause);
        assertThat(arrivals.add(chunk(10, 2, false))).isFalse();
        arrivals.release(inHand);
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
        assertThat(credits).isEmpty();
    }

    @Test
    void silenceCountsOnlyWhileTheOldOwnerHasTheTurn() throws IOException {
        assertThat(arrivals.isOverdue(-1)).isTrue();
        assertThat(arrivals.isOverdue(Long.MAX_VALUE)).isFalse();
        arrivals.add(chunk(10, 0, true));
        assertThat(arrivals.isOverdue(-1)).as("the reader's turn").isFalse();
        arrivals.release(arrivals.next());
        assertThat(arrivals.isOverdue(-1)).isTrue();
        arrivals.add(chunk(5, 0, true));
        arrivals.add(done(14));
        arrivals.release(arrivals.next());
        assertThat(arrivals.isOverdue(-1)).as("all is here").isFalse();
    }
}
