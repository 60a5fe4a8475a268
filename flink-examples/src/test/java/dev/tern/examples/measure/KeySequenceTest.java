package dev.tern.examples.measure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class KeySequenceTest {

    private static final int DRAWS = 100_000;

    private static long[] histogram(KeySequence sequence) {
        long[] counts = new long[(int) sequence.keys()];
        LongStream.range(sequence.fillRecords(), sequence.fillRecords() + DRAWS)
                .forEach(record -> counts[(int) sequence.key(record)]++);
        return counts;
    }

    @Test
    void fillGoesThroughTheKeysInTurn() {
        KeySequence sequence = new KeySequence(1, 3, 4, 0);
        assertThat(LongStream.range(0, 4).map(sequence::key)).containsExactly(0L, 1L, 2L, 0L);
    }

    @Test
    void keyDependsOnSeedAndRecordOnly() {
        KeySequence one = new KeySequence(1, 1_000_000, 0, 0);
        assertThat(one.key(77)).isEqualTo(new KeySequence(1, 1_000_000, 0, 0).key(77));
        assertThat(one.key(77)).isNotEqualTo(new KeySequence(2, 1_000_000, 0, 0).key(77));
        assertThat(one.key(77)).isNotEqualTo(one.key(78));
    }

    @Test
    void uniformKeysAreAboutEquallyFrequent() {
        for (long count : histogram(new KeySequence(3, 10, 0, 0))) {
            assertThat(count).isBetween(9_600L, 10_400L);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1.0, 1.5})
    void zipfKeysFollowTheirLaw(double skew) {
        int keys = 100;
        long[] counts = histogram(new KeySequence(3, keys, 0, skew));
        double sum = 0;
        for (int k = 1; k <= keys; k++) {
            sum += Math.pow(k, -skew);
        }
        for (int k = 1; k <= keys; k++) {
            double expected = DRAWS * Math.pow(k, -skew) / sum;
            assertThat((double) counts[k - 1]).isCloseTo(expected, within(6 * Math.sqrt(expected)));
        }
    }

    @Test
    void refusesSequencesWithoutKeys() {
        assertThatThrownBy(() -> new KeySequence(1, 0, 0, 0)).hasMessageContaining("0 keys");
        assertThatThrownBy(() -> new KeySequence(1, 1, 0, -1)).hasMessageContaining("skew -1");
    }
}
