package dev.tern.examples.micro;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ChainedValueTest {

    @Test
    void theChainDependsOnTheOrder() {
        byte[] ab = ChainedValue.next(5, 2, ChainedValue.next(5, 1, null, 40), 40);
        byte[] ba = ChainedValue.next(5, 1, ChainedValue.next(5, 2, null, 40), 40);
        assertThat(ChainedValue.count(ab)).isEqualTo(2);
        assertThat(ChainedValue.chainText(ab)).isNotEqualTo(ChainedValue.chainText(ba));
        assertThat(ChainedValue.chainText(ab))
                .isEqualTo(Long.toHexString(ChainedValue.chain(ChainedValue.chain(0, 1), 2)));
    }

    @Test
    void aValueOfAnotherKeyOrSizeIsFound() {
        byte[] value = ChainedValue.next(5, 1, null, 40);
        assertThatThrownBy(() -> ChainedValue.next(6, 2, value, 40))
                .hasMessageContaining("The state of key 6 is damaged");
        assertThatThrownBy(() -> ChainedValue.next(5, 2, value, 41))
                .hasMessageContaining("expected 41 bytes, found 40 of key 5");
        value[39]++;
        assertThatThrownBy(() -> ChainedValue.next(5, 2, value, 40))
                .hasMessageContaining("is damaged");
    }
}
