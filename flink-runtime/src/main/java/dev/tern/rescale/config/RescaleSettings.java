package dev.tern.rescale.config;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

import dev.tern.rescale.request.RescaleDefaults;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The values of {@link RescaleOptions}, read once and checked.
 *
 * @param defaults what stands in for what a request leaves out
 * @param slotTimeout how long a rescale waits for slots
 * @param quiesceCheckpointTimeout how long it waits for a pending periodic checkpoint
 * @param prepareTimeout how long tasks may take to get ready
 * @param stepTimeout how long a migration step may take
 * @param maxSuspension how long records of one key group may wait in one step; empty for any time
 * @param historySize how many rescales are remembered
 * @param stepSize how much state moves together under strategy stepwise
 * @param setAsideMemory memory of a task for records that wait for their state
 * @param transferByReference whether state may change hands without a copy
 * @param assertOwnership whether every record is checked against the ownership
 * @param strategies options of strategies by their names
 */
public record RescaleSettings(
        RescaleDefaults defaults,
        Duration slotTimeout,
        Duration quiesceCheckpointTimeout,
        Duration prepareTimeout,
        Duration stepTimeout,
        Optional<Duration> maxSuspension,
        int historySize,
        MemorySize stepSize,
        MemorySize setAsideMemory,
        boolean transferByReference,
        boolean assertOwnership,
        Map<String, Map<String, String>> strategies) {

    /**
     * Reads all options.
     *
     * @throws org.apache.flink.configuration.IllegalConfigurationException if a value is malformed
     *     or out of range, or a key below {@code rescale} is not known
     */
    public static RescaleSettings from(Configuration configuration) {
        Set<String> keys = configuration.keySet();
        RescaleKeys.firstUnknown(keys)
                .ifPresent(
                        key -> {
                            throw new IllegalConfigurationException(
                                    String.format(
                                            "config.yaml: unknown key %s. Did you mean %s?",
                                            key, RescaleKeys.nearest(key)));
                        });
        return new RescaleSettings(
                defaults(configuration),
                RescaleOptions.CHECKED_SLOT_TIMEOUT.read(configuration),
                RescaleOptions.CHECKED_QUIESCE_CHECKPOINT_TIMEOUT.read(configuration),
                RescaleOptions.CHECKED_PREPARE_TIMEOUT.read(configuration),
                RescaleOptions.CHECKED_STEP_TIMEOUT.read(configuration),
                RescaleOptions.CHECKED_MAX_SUSPENSION.readOptional(configuration),
                RescaleOptions.CHECKED_HISTORY_SIZE.read(configuration),
                RescaleOptions.CHECKED_STEP_SIZE.read(configuration),
                RescaleOptions.CHECKED_SET_ASIDE_MEMORY.read(configuration),
                RescaleOptions.CHECKED_TRANSFER_BY_REFERENCE.read(configuration),
                RescaleOptions.CHECKED_ASSERT_OWNERSHIP.read(configuration),
                RescaleKeys.strategies(configuration.toMap()));
    }

    private static RescaleDefaults defaults(ReadableConfig configuration) {
        Optional<Integer> parallelism =
                RescaleOptions.CHECKED_PARALLELISM.readOptional(configuration);
        return new RescaleDefaults(
                RescaleOptions.CHECKED_VERTEX.readOptional(configuration),
                parallelism.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                Optional.of(RescaleOptions.CHECKED_STRATEGY.read(configuration)),
                Optional.of(RescaleOptions.CHECKED_PLACEMENT.read(configuration)));
    }
}
