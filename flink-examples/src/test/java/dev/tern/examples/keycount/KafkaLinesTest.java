package dev.tern.examples.keycount;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class KafkaLinesTest {

    private static Line line(String value) {
        return KafkaLines.line(value, 2, 3, 1_700_000_000_000L);
    }

    @Test
    void fedLineKeepsItsIdAndDueTime() {
        Line fed = new Line(17, 1_700_000_000_123_456L, 0, "two: words");
        String value = new String(KafkaLines.message(fed), StandardCharsets.UTF_8);
        assertThat(line(value)).isEqualTo(new Line(17, 1_700_000_000_123_456L, 2, "two: words"));
    }

    @Test
    void timedLineIsDueAtItsTime() {
        Line timed = line("1699999999999:word");
        assertThat(timed.scheduledMicros()).isEqualTo(1_699_999_999_999_000L);
        assertThat(timed.text()).isEqualTo("word");
    }

    @Test
    void otherTextIsDueAtTheTimeOfTheMessage() {
        for (String text : Set.of("10:30 opened", "1,2:x", ":", "", "16999999999990:x")) {
            Line plain = line(text);
            assertThat(plain.text()).isEqualTo(text);
            assertThat(plain.scheduledMicros()).isEqualTo(1_700_000_000_000_000L);
        }
    }

    @Test
    void idsOfMessagesWithoutOneAreUniqueAndInOrder() {
        long id = line("x").firstRecord();
        assertThat(KafkaLines.line("x", 2, 4, 0).firstRecord() - id).isEqualTo(1 << 14);
        assertThat(KafkaLines.line("x", 3, 0, 0).firstRecord())
                .isGreaterThan(KafkaLines.line("x", 2, 1L << 37, 0).firstRecord());
    }
}
