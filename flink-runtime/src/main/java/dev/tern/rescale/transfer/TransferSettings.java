package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.util.NetUtils;

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

    /**
     * Reads and checks a configuration.
     *
     * @throws IllegalConfigurationException naming the option, its range and its value
     */
    static TransferSettings from(Configuration conf) {
        return new TransferSettings(
                ports(TransferOptions.CHECKED_PORT.read(conf)),
                (int) TransferOptions.CHECKED_CHUNK_SIZE.read(conf).getBytes(),
                TransferOptions.CHECKED_CREDITS.read(conf),
                TransferOptions.CHECKED_TIMEOUT.read(conf).toNanos(),
                TransferOptions.CHECKED_THREADS.read(conf));
    }

    /** Largest payload of a chunk. */
    int payloadBytes() {
        return chunkBytes - FrameHeader.BYTES;
    }

    private static List<Integer> ports(String range) {
        List<Integer> ports = new ArrayList<>();
        try {
            NetUtils.getPortRangeFromString(range).forEachRemaining(ports::add);
        } catch (NumberFormatException | IllegalConfigurationException e) {
            throw new IllegalConfigurationException(
                    TransferOptions.PORT.key()
                            + " is "
                            + range
                            + ": expected ports or ranges of ports, such as 50100-50200.",
                    e);
        }
        return List.copyOf(ports);
    }
}
