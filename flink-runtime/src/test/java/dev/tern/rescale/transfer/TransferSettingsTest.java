package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Pins keys, defaults and ranges. */
class TransferSettingsTest {

    @Test
    void keys() {
        assertThat(
                        List.of(
                                TransferOptions.PORT.key(),
                                TransferOptions.CHUNK_SIZE.key(),
                                TransferOptions.CREDITS.key(),
                                TransferOptions.TIMEOUT.key(),
                                TransferOptions.THREADS.key()))
                .containsExactly(
                        "rescale.transfer.port",
                        "rescale.transfer.chunk-size",
                        "rescale.transfer.credits",
                        "rescale.transfer.timeout",
                        "rescale.transfer.threads");
    }

    @Test
    void defaults() {
        assertThat(TransferSettings.from(new Configuration()))
                .isEqualTo(
                        new TransferSettings(
                                List.of(0), 256 * 1024, 8, Duration.ofSeconds(30).toNanos(), 64));
    }

    @Test
    void portsMayBeRangesAndLists() {
        Configuration conf =
                Configuration.fromMap(Map.of("rescale.transfer.port", "50100-50102,50200"));

        assertThat(TransferSettings.from(conf).ports()).containsExactly(50100, 50101, 50102, 50200);
    }

    @ParameterizedTest
    @CsvSource({
        "rescale.transfer.chunk-size, 4095 b",
        "rescale.transfer.chunk-size, 5 mb",
        "rescale.transfer.credits, 1",
        "rescale.transfer.credits, 1025",
        "rescale.transfer.timeout, 9 ms",
        "rescale.transfer.timeout, 61 min",
        "rescale.transfer.threads, 0",
        "rescale.transfer.threads, 1025",
        "rescale.transfer.port, many",
        "rescale.transfer.port, 70000"
    })
    void valuesOutOfRangeAreRefusedByName(String key, String value) {
        Configuration conf = Configuration.fromMap(Map.of(key, value));

        assertThatThrownBy(() -> TransferSettings.from(conf))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessageStartingWith(key + " is ")
                .hasMessageContaining(": expected ");
    }
}
