package dev.tern.examples.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * All arrivals of a run, of all sink subtasks and attempts, held column by column.
 *
 * <p>Entries of one file keep their order; files follow each other by name. Not thread safe while
 * being filled, immutable afterwards.
 */
public final class ArrivalLog {

    private int size;
    private long[] recordId = new long[1024];
    private long[] keyHash = new long[1024];
    private long[] perKeyCount = new long[1024];
    private long[] scheduledMicros = new long[1024];
    private long[] outputMicros = new long[1024];
    private int[] counterSubtask = new int[1024];
    private int[] channel = new int[1024];

    private ArrivalLog() {}

    /** Reads every {@code arrivals-*.bin} of a directory; a torn last entry is ignored. */
    public static ArrivalLog read(Path directory) throws IOException {
        ArrivalLog log = new ArrivalLog();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(ArrivalLog::isLog).sorted().forEach(log::addFile);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return log;
    }

    /** A log of the given arrivals. */
    public static ArrivalLog of(List<Arrival> arrivals) {
        ArrivalLog log = new ArrivalLog();
        arrivals.forEach(log::add);
        return log;
    }

    private static boolean isLog(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("arrivals-") && name.endsWith(".bin");
    }

    private void addFile(Path file) {
        ByteBuffer buffer = ByteBuffer.allocate(Arrival.BYTES * 8192);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            while (in.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.remaining() >= Arrival.BYTES) {
                    add(Arrival.readFrom(buffer));
                }
                buffer.compact();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(Arrival arrival) {
        if (size == recordId.length) {
            int capacity = Math.multiplyExact(size, 2);
            recordId = Arrays.copyOf(recordId, capacity);
            keyHash = Arrays.copyOf(keyHash, capacity);
            perKeyCount = Arrays.copyOf(perKeyCount, capacity);
            scheduledMicros = Arrays.copyOf(scheduledMicros, capacity);
            outputMicros = Arrays.copyOf(outputMicros, capacity);
            counterSubtask = Arrays.copyOf(counterSubtask, capacity);
            channel = Arrays.copyOf(channel, capacity);
        }
        recordId[size] = arrival.recordId();
        keyHash[size] = arrival.keyHash();
        perKeyCount[size] = arrival.perKeyCount();
        scheduledMicros[size] = arrival.scheduledMicros();
        outputMicros[size] = arrival.outputMicros();
        counterSubtask[size] = arrival.counterSubtask();
        channel[size] = arrival.channel();
        size++;
    }

    /** The number of arrivals, repeated ones included. */
    public int size() {
        return size;
    }

    public Arrival get(int index) {
        return new Arrival(
                recordId[index],
                keyHash[index],
                perKeyCount[index],
                scheduledMicros[index],
                outputMicros[index],
                counterSubtask[index],
                channel[index]);
    }

    public long recordId(int index) {
        return recordId[index];
    }

    public long keyHash(int index) {
        return keyHash[index];
    }

    public long perKeyCount(int index) {
        return perKeyCount[index];
    }

    public long scheduledMicros(int index) {
        return scheduledMicros[index];
    }

    public long outputMicros(int index) {
        return outputMicros[index];
    }

    public int counterSubtask(int index) {
        return counterSubtask[index];
    }

    public int channel(int index) {
        return channel[index];
    }
}
