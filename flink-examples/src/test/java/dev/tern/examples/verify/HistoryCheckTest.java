package dev.tern.examples.verify;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Records 0 to 3 of one key; even ones take one channel, odd ones another. */
class HistoryCheckTest {

    private static final Map<String, List<Long>> EXPECTED = Map.of("k", List.of(0L, 1L, 2L, 3L));

    @Test
    void channelsMayInterleaveAsTheyLike() {
        assertThat(check(line(1, 1, "1"), line(2, 0, "10"), line(3, 2, "102"), line(4, 3, "1023")))
                .isEqualTo(new Verification(4, 0, List.of()));
        // The order of lines says nothing.
        assertThat(check(line(4, 3, "123"), line(1, 0, "0"), line(2, 1, "1"), line(3, 2, "12")))
                .isEqualTo(new Verification(4, 0, List.of()));
    }

    @Test
    void aChannelKeepsItsOrder() {
        assertThat(
                        check(
                                        line(1, 2, "2"),
                                        line(2, 0, "20"),
                                        line(3, 1, "201"),
                                        line(4, 3, "2013"))
                                .findings())
                .containsExactly("Key k has record 2 before 0 of the same channel.");
    }

    @Test
    void valuesFollowFromTheRecordsBefore() {
        assertThat(
                        check(
                                        line(1, 0, "0"),
                                        line(2, 1, "1"),
                                        line(3, 2, "2"),
                                        line(4, 3, "123"))
                                .findings())
                .containsExactly("Key k, result 3 must be '12', is '2'.");
    }

    @Test
    void aRecordIsMissingOrTwice() {
        assertThat(check(line(1, 0, "0"), line(2, 1, "1"), line(3, 2, "12")).findings())
                .containsExactly(
                        "Key k must have results for 4 records, has 3 and none for record 3.");
        assertThat(
                        check(
                                        line(1, 0, "0"),
                                        line(2, 1, "1"),
                                        line(3, 2, "12"),
                                        line(3, 3, "123"))
                                .findings())
                .containsExactly("Key k lacks result 4 or has one twice.");
        assertThat(check().findings()).containsExactly("Key k has no results.");
    }

    @Test
    void aKeyThatMustNotBeThereIsFound() {
        assertThat(
                        HistoryCheck.of(
                                        List.of(new ResultLine("x", 1, 7, "")),
                                        Map.of(),
                                        Digits::new,
                                        record -> 0)
                                .findings())
                .containsExactly("Key x must have results for 0 records, has 1.");
    }

    private static ResultLine line(long sequence, long record, String value) {
        return new ResultLine("k", sequence, record, value);
    }

    private static Verification check(ResultLine... results) {
        return HistoryCheck.of(List.of(results), EXPECTED, Digits::new, record -> record % 2);
    }

    /** The records so far, without a zero in front. */
    private static final class Digits implements HistoryCheck.Replay {

        private long number;

        @Override
        public String next(long recordId) {
            number = number * 10 + recordId;
            return Long.toString(number);
        }
    }
}
