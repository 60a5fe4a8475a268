package dev.tern.examples.micro;

import dev.tern.examples.measure.KeySequence;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class AccessPatternTest {

    private static final int KEYS = 1000;
    private static final int PER_SECOND = 5000;

    @Test
    void aSecondTouchesItsShareOfTheKeysAndTheNextAnother() {
        AccessPattern pattern =
                new AccessPattern(new KeySequence(3, KEYS, 0, 0), 10, PER_SECOND);
        Set<Long> first = keys(pattern, 0);
        Set<Long> second = keys(pattern, PER_SECOND);
        assertThat(first).hasSize(KEYS / 10).allMatch(key -> key >= 0 && key < KEYS);
        assertThat(second).hasSize(KEYS / 10).isNotEqualTo(first);
        assertThat(keys(pattern, 0)).isEqualTo(first);
    }

    @Test
    void theFillPhaseTouchesEachKeyOnce() {
        AccessPattern pattern =
                new AccessPattern(new KeySequence(3, KEYS, KEYS, 0), 10, PER_SECOND);
        for (long record = 0; record < KEYS; record++) {
            assertThat(pattern.key(record)).isEqualTo(record);
        }
    }

    private static Set<Long> keys(AccessPattern pattern, long from) {
        Set<Long> keys = new HashSet<>();
        for (long record = from; record < from + PER_SECOND; record++) {
            keys.add(pattern.key(record));
        }
        return keys;
    }
}
