package dev.tern.examples.verify;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class SetCheckTest {

    private static final ResultLine A = new ResultLine("a", 0, 1, "x");
    private static final ResultLine B = new ResultLine("b", 0, 2, "y");

    @Test
    void orderDoesNotMatterButNumberDoes() {
        assertThat(SetCheck.of(List.of(A, B, A), List.of(A, A, B)).agrees()).isTrue();
        assertThat(SetCheck.of(List.of(A), List.of(A, B)).findings())
                .containsExactly("Key b, record 2: 'y' is missing 1 times.");
        assertThat(SetCheck.of(List.of(A, B, B), List.of(A, B)).findings())
                .containsExactly("Key b, record 2: 'y' is there 1 times too often.");
    }

    @Test
    void linesAreReadAsTheyAreWritten() {
        ResultLine tabs = new ResultLine("k", 3, 4, "a\tb");
        assertThat(ResultLine.parse(tabs.text())).isEqualTo(tabs);
    }
}
