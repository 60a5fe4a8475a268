package dev.tern.streaming.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

class LateRecordsTest {

    private static final InputChannelInfo FIRST = new InputChannelInfo(0, 0);
    private static final InputChannelInfo SECOND = new InputChannelInfo(1, 7);
    private static final int LARGE = 100_000;

    @TempDir private File directory;

    private final List<String> read = new ArrayList<>();
    private boolean ended;
    private LateRecords late;

    @BeforeEach
    void open() {
        late = new LateRecords(2, 2 * LARGE, directory, () -> ended = true);
    }

    @Test
    void whatWasSentComesInOrderAndThenTheEnd() throws Exception {
        add(3, 1);
        late.switched(FIRST);
        add(4, 2);
        late.switched(SECOND);
        read(late.next().join());
        assertThat(read).containsExactly("3:1", FIRST.toString(), "4:2", SECOND.toString());
        assertThat(ended).isFalse();
        assertThat(late.next().join()).isEmpty();
        assertThat(ended).isTrue();
        assertThat(late.records()).isEqualTo(2);
    }

    @Test
    void whoAsksEarlyGetsTheFirstOneAndTheOthersTogether() throws Exception {
        CompletableFuture<byte[]> first = late.next();
        assertThat(first).isNotDone();
        add(3, 1);
        add(3, 2);
        add(3, 3);
        read(first.join());
        assertThat(read).containsExactly("3:1");
        read(late.next().join());
        assertThat(read).containsExactly("3:1", "3:2", "3:3");
        assertThat(late.next()).isNotDone();
    }

    /** A channel may end, and show the marker, too. */
    @Test
    void aChannelIsSwitchedOnce() throws Exception {
        late.switched(FIRST);
        late.switched(FIRST);
        read(late.next().join());
        assertThat(read).containsExactly(FIRST.toString());
        assertThat(late.next()).isNotDone();
        assertThat(ended).isFalse();
    }

    @Test
    void pastTheBoundBatchesGoToDiskAndComeBackInOrder() throws Exception {
        for (int number = 0; number < 30; number++) {
            late.add(number, out -> out.write(new byte[LARGE]));
        }
        assertThat(directory.list()).isNotEmpty();
        late.switched(FIRST);
        late.switched(SECOND);
        List<Integer> keyGroups = new ArrayList<>();
        for (byte[] batch = late.next().join(); batch.length > 0; batch = late.next().join()) {
            LateBatch.read(batch, new Reader(keyGroups));
        }
        assertThat(keyGroups).hasSize(30).isSorted();
        assertThat(directory.list()).isEmpty();
    }

    @Test
    void closingLeavesNothingBehind() throws Exception {
        CompletableFuture<byte[]> asked = new LateRecords(1, 0, directory, () -> {}).next();
        assertThat(asked).isNotDone();
        for (int number = 0; number < 10; number++) {
            late.add(number, out -> out.write(new byte[LARGE]));
        }
        late.close();
        late.add(1, out -> out.write(new byte[LARGE]));
        assertThat(directory.list()).isEmpty();
        assertThatThrownBy(late::next).hasMessageContaining("too late");
    }

    private void add(int keyGroup, int value) throws Exception {
        late.add(keyGroup, out -> out.writeInt(value));
    }

    private void read(byte[] batch) throws Exception {
        LateBatch.read(
                batch,
                new LateBatch.Reader() {
                    @Override
                    public void onRecord(int keyGroup, ByteBuffer record) {
                        read.add(keyGroup + ":" + record.getInt());
                    }

                    @Override
                    public void onSwitched(InputChannelInfo channel) {
                        read.add(channel.toString());
                    }
                });
    }

    /** Notes the key groups of records. */
    private record Reader(List<Integer> keyGroups) implements LateBatch.Reader {
        @Override
        public void onRecord(int keyGroup, ByteBuffer record) {
            assertThat(record.remaining()).isEqualTo(LARGE);
            keyGroups.add(keyGroup);
        }

        @Override
        public void onSwitched(InputChannelInfo channel) {
            assertThat(channel).isIn(FIRST, SECOND);
        }
    }
}
