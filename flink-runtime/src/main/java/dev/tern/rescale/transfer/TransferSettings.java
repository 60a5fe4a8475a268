package dev.tern.rescale.transfer;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.NetUtils;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The checked values of {@link TransferOptions}.
 *
 * @param ports candidates for the server, in order
 * @param chunkBytes largest frame, header included
 * @param credits chunks of one fetch under way
 * @param timeoutNanos nanoseconds a transfer may stand still
 * @param threads streams written, and streams read, at a time
 */
record TransferSettings(
        List<Integer> ports, int chunkBytes, int credits, long timeoutNanos, int threads) {

    private static final MemorySize MIN_CHUNK = MemorySize.parse("4kb");
    private static final MemorySize MAX_CHUNK = MemorySize.parse("4mb");
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(10);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

    /**
     * Reads and checks a configuration.
     *
     * @throws IllegalConfigurationException naming the option, its range and its value
     */
    static TransferSettings from(Configuration conf) {
        MemorySize chunk = within(conf, TransferOptions.CHUNK_SIZE, MIN_CHUNK, MAX_CHUNK);
        Duration timeout = within(conf, TransferOptions.TIMEOUT, MIN_TIMEOUT, MAX_TIMEOUT);
        return new TransferSettings(
                ports(conf.get(TransferOptions.PORT)),
                (int) chunk.getBytes(),
                within(conf, TransferOptions.CREDITS, 2, 1024),
                timeout.toNanos(),
                within(conf, TransferOptions.THREADS, 1, 1024));
    }

    /** Largest payload of a chunk. */
    int payloadBytes() {
        return chunkBytes - FrameHeader.BYTES;
    }

    private static <T extends Comparable<T>> T within(
            Configuration conf, ConfigOption<T> option, T least, T most) {
        T value = conf.get(option);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalConfigurationException(
                    option.key() + " must be " + least + " to " + most + ", but is " + value);
        }
        return value;
    }

    private static List<Integer> ports(String range) {
        List<Integer> ports = new ArrayList<>();
        try {
            NetUtils.getPortRangeFromString(range).forEachRemaining(ports::add);
        } catch (NumberFormatException | IllegalConfigurationException e) {
            throw new IllegalConfigurationException(
                    TransferOptions.PORT.key()
                            + " must be ports or ranges of ports, such as 50100-50200, but is '"
                            + range
                            + "'",
                    e);
        }
        return List.copyOf(ports);
    }
}
