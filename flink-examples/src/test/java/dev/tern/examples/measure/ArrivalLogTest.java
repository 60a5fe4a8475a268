package dev.tern.examples.measure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(20)
class ArrivalLogTest {

    private static final Arrival FIRST = new Arrival(1, -2, 3, 4, 5, 6, 7);
    private static final Arrival SECOND = new Arrival(Long.MAX_VALUE, 8, 9, 10, 11, 12, 13);

    @TempDir private Path directory;

    @Test
    void fileHasTheDocumentedFormat() throws Exception {
        try (ArrivalLogWriter writer = new ArrivalLogWriter(directory, 3, 2, 1700)) {
            writer.add(FIRST);
        }
        ByteBuffer expected = ByteBuffer.allocate(48);
        expected.putLong(1).putLong(-2).putLong(3).putLong(4).putLong(5).putInt(6).putInt(7);
        assertThat(Files.readAllBytes(directory.resolve("arrivals-3-2-1700.bin")))
                .isEqualTo(expected.array());
    }

    @Test
    void readsAllFilesAndIgnoresTornEntriesAndOtherFiles() throws Exception {
        try (ArrivalLogWriter writer = new ArrivalLogWriter(directory, 0, 0, 1)) {
            writer.add(FIRST);
            writer.add(SECOND);
        }
        Path torn = directory.resolve("arrivals-1-0-1.bin");
        byte[] whole = Files.readAllBytes(directory.resolve("arrivals-0-0-1.bin"));
        Files.write(torn, Arrays.copyOf(whole, 2 * Arrival.BYTES - 1));
        Files.writeString(directory.resolve("schedule.properties"), "rate=1");

        ArrivalLog log = ArrivalLog.read(directory);

        assertThat(IntStream.range(0, log.size()).mapToObj(log::get))
                .containsExactly(FIRST, SECOND, FIRST);
    }

    @Test
    void readsAFileThatIsLargerThanTheBuffers() throws Exception {
        int entries = 20_001;
        try (ArrivalLogWriter writer = new ArrivalLogWriter(directory, 0, 0, 1)) {
            for (int i = 0; i < entries; i++) {
                writer.add(new Arrival(i, 0, i + 1, 0, 0, 0, 0));
            }
        }
        ArrivalLog log = ArrivalLog.read(directory);
        assertThat(log.size()).isEqualTo(entries);
        assertThat(log.recordId(entries - 1)).isEqualTo(entries - 1);
    }

    @Test
    void appearsWithTheFirstEntryOnly() throws Exception {
        new ArrivalLogWriter(directory, 0, 0, 1).close();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void flushesWithoutFurtherEntries() throws Exception {
        Path file = directory.resolve("arrivals-0-0-1.bin");
        try (ArrivalLogWriter writer = new ArrivalLogWriter(directory, 0, 0, 1)) {
            writer.add(FIRST);
            CountDownLatch never = new CountDownLatch(1);
            while (Files.size(file) < Arrival.BYTES) {
                never.await(5, TimeUnit.MILLISECONDS);
            }
        }
        assertThat(Files.size(file)).isEqualTo(Arrival.BYTES);
    }

    @Test
    void survivesTheInterruptionThatCancelsATask() throws Exception {
        Path file = directory.resolve("arrivals-0-0-1.bin");
        ArrivalLogWriter writer = new ArrivalLogWriter(directory, 0, 0, 1);
        writer.add(FIRST);
        Thread.currentThread().interrupt();
        writer.add(SECOND);
        writer.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Files.size(file)).isEqualTo(2 * Arrival.BYTES);
        Files.write(file, new byte[1], StandardOpenOption.APPEND);
        assertThat(ArrivalLog.read(directory).size()).isEqualTo(2);
    }
}
