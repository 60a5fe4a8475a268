package dev.tern.rescale.config;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

import java.time.Duration;
import java.util.List;

/** The options of the state transfer between TaskExecutors, read from {@code conf/config.yaml}. */
public final class TransferOptions {

    /** Port or ports of the server. */
    public static final ConfigOption<String> PORT =
            ConfigOptions.key("rescale.transfer.port")
                    .stringType()
                    .defaultValue("0")
                    .withDescription(
                            "Port on which a TaskManager serves moving state: one port, a list"
                                    + " (50100,50101), a range (50100-50200), or a mix. The first"
                                    + " free one is taken. 0 lets the system choose.");

    /** Bytes per frame on the wire. */
    public static final ConfigOption<MemorySize> CHUNK_SIZE =
            ConfigOptions.key("rescale.transfer.chunk-size")
                    .memoryType()
                    .defaultValue(MemorySize.parse("256kb"))
                    .withDescription(
                            "Largest frame, header included, in which moving state is sent.");

    /** Chunks per fetch that may be on their way. */
    public static final ConfigOption<Integer> CREDITS =
            ConfigOptions.key("rescale.transfer.credits")
                    .intType()
                    .defaultValue(8)
                    .withDescription(
                            "How many chunks of one fetch may be under way. Times"
                                    + " rescale.transfer.chunk-size, it bounds the heap memory that"
                                    + " a fetch takes at the new owner. The old owner never has"
                                    + " more than 4 chunks of a fetch in memory.");

    /** How long a transfer may stand still. */
    public static final ConfigOption<Duration> TIMEOUT =
            ConfigOptions.key("rescale.transfer.timeout")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(30))
                    .withDescription(
                            "A transfer that makes no progress for this long fails."
                                    + " Waiting for a unit that has not yet left its old owner does"
                                    + " not count.");

    /** Streams written, and streams read, at a time. */
    public static final ConfigOption<Integer> THREADS =
            ConfigOptions.key("rescale.transfer.threads")
                    .intType()
                    .defaultValue(64)
                    .withDescription(
                            "How many fetches a TaskManager writes at the same time, and how many"
                                    + " it reads. Each takes a thread only while it has"
                                    + " a unit in hand; beyond the limit they take turns unit by"
                                    + " unit.");

    public static final CheckedOption<String> CHECKED_PORT =
            CheckedOption.text(PORT, "ports, comma-separated, or ranges");
    public static final CheckedOption<MemorySize> CHECKED_CHUNK_SIZE =
            CheckedOption.memory(CHUNK_SIZE, "4 kb", "4 mb");
    public static final CheckedOption<Integer> CHECKED_CREDITS =
            CheckedOption.integer(CREDITS, 2, 1024);
    public static final CheckedOption<Duration> CHECKED_TIMEOUT =
            CheckedOption.duration(TIMEOUT, Duration.ofMillis(10), Duration.ofHours(1));
    public static final CheckedOption<Integer> CHECKED_THREADS =
            CheckedOption.integer(THREADS, 1, 1024);

    /** All of them. */
    public static final List<CheckedOption<?>> ALL =
            List.of(
                    CHECKED_PORT,
                    CHECKED_CHUNK_SIZE,
                    CHECKED_CREDITS,
                    CHECKED_TIMEOUT,
                    CHECKED_THREADS);

    private TransferOptions() {}
}
