package dev.tern.examples.keycount;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PaddedCounterTest {

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 1000})
    void countsInAValueOfTheGivenSize(int bytes) {
        byte[] first = PaddedCounter.next("word", null, bytes);
        byte[] second = PaddedCounter.next("word", first, bytes);
        assertThat(first).hasSize(bytes);
        assertThat(second).hasSize(bytes);
        assertThat(ByteBuffer.wrap(first).getLong(0)).isEqualTo(1);
        assertThat(ByteBuffer.wrap(second).getLong(0)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 1000})
    void refusesAValueThatIsDamagedOrOfAnotherWord(int bytes) {
        byte[] other = PaddedCounter.next("other", null, bytes);
        assertThatThrownBy(() -> PaddedCounter.next("word", other, bytes))
                .hasMessageContaining("The state of 'word' is damaged");
        byte[] damaged = PaddedCounter.next("word", null, bytes);
        damaged[bytes - 1]++;
        assertThatThrownBy(() -> PaddedCounter.next("word", damaged, bytes))
                .hasMessageContaining("damaged");
        byte[] whole = PaddedCounter.next("word", null, bytes);
        assertThatThrownBy(() -> PaddedCounter.next("word", whole, bytes + 1))
                .hasMessageContaining("found " + bytes);
    }
}
