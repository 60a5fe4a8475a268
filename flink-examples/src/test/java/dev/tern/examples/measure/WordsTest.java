package dev.tern.examples.measure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests of words, texts and the oracles built on them. */
class WordsTest {

    private static final String TEXT = "One two.\n\nTWO  trois, l’été\n42-two";

    @TempDir private Path directory;

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Words.forEach(text, words::add);
        return words;
    }

    @Test
    void wordsAreRunsOfLettersAndDigitsInLowerCase() {
        assertThat(words("")).isEmpty();
        assertThat(words(" .,;\t")).isEmpty();
        assertThat(words("A b2B,c")).containsExactly("a", "b2b", "c");
        assertThat(words("L’ÉTÉ, città 𝔘nd")).containsExactly("l", "été", "città", "𝔘nd");
        assertThat(Words.count("A b2B,c")).isEqualTo(3);
    }

    @Test
    void generatedWordsAreWordsAndDiffer() {
        assertThat(Words.ofKey(0)).isEqualTo("w0000000");
        assertThat(Words.ofKey(12_345_678)).isEqualTo("w12345678");
        assertThat(words(Words.ofKey(17))).containsExactly("w0000017");
        assertThat(Words.hash("ab")).isNotEqualTo(Words.hash("ba"));
    }

    @Test
    void textKnowsTheWordsBeforeEachLine() throws Exception {
        TextFile text = TextFile.read(Files.writeString(directory.resolve("a.txt"), TEXT));
        assertThat(text.lines()).isEqualTo(4);
        assertThat(text.words()).isEqualTo(8);
        assertThat(List.of(text.line(0), text.line(1), text.line(3)))
                .containsExactly("One two.", "", "42-two");
        assertThat(List.of(text.wordsBefore(1), text.wordsBefore(2), text.wordsBefore(3)))
                .containsExactly(2, 2, 6);
    }

    @Test
    void textMayBeCompressedAndEndWithALineFeed() throws Exception {
        Path file = directory.resolve("a.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("a b\nc\n".getBytes());
        }
        TextFile text = TextFile.read(file);
        assertThat(text.lines()).isEqualTo(2);
        assertThat(text.line(1)).isEqualTo("c");
        Path empty = Files.writeString(directory.resolve("empty.txt"), "...\n");
        assertThatThrownBy(() -> TextFile.read(empty)).hasMessageContaining("has no words");
    }

    @Test
    void oracleCountsTheTextAndGoesOnOverItsPasses() throws Exception {
        WordOracle oracle =
                new WordOracle(TextFile.read(Files.writeString(directory.resolve("a.txt"), TEXT)));
        assertThat(oracle.counts(2))
                .isEqualTo(Map.of("one", 2L, "two", 6L, "trois", 2L, "l", 2L, "été", 2L, "42", 2L));
        assertThat(oracle.applyAsLong(2)).isEqualTo(Words.hash("two"));
        assertThat(oracle.applyAsLong(8)).isEqualTo(Words.hash("one"));
    }

    @Test
    void checkFindsWrongKeysMissingRecordsAndWrongCounts() {
        Arrivals arrivals = new Arrivals().add(0, 7, 1, 0, 1, 0, 0).add(1, 8, 1, 0, 1, 0, 0);
        assertThat(OracleCheck.of(arrivals.log(), record -> 7 + record, 2))
                .isEqualTo(new OracleCheck(2, 2, 0, 0));
        assertThat(OracleCheck.of(arrivals.log(), record -> 7 + record, 3))
                .isEqualTo(new OracleCheck(3, 3, 1, 1));
        assertThat(OracleCheck.of(arrivals.log(), record -> 7, 2))
                .isEqualTo(new OracleCheck(2, 1, 1, 1));
        arrivals.add(2, 8, 3, 0, 1, 0, 0);
        assertThat(OracleCheck.of(arrivals.log(), record -> Math.min(8, 7 + record), 3))
                .isEqualTo(new OracleCheck(3, 2, 0, 1));
        assertThat(OracleCheck.of(arrivals.log(), record -> 7 + record, 2).agrees()).isTrue();
    }

    @Test
    void resultFilesMustHoldEachCountOnce() throws Exception {
        Path day = Files.createDirectories(directory.resolve("out/2026-01-01--00"));
        Files.writeString(day.resolve("part-0-0"), "a\t1\nb\t1\n");
        Files.writeString(day.resolve("part-1-0"), "a\t2\n");
        Files.writeString(day.resolve(".part-1-1.inprogress.x"), "a\t3\n");
        Path out = directory.resolve("out");

        assertThat(ResultFiles.differences(out, Map.of("a", 2L, "b", 1L))).isEmpty();
        assertThat(ResultFiles.differences(out, Map.of("a", 3L, "b", 1L)))
                .containsExactly("'a' occurs 3 times, but has 2 results up to 2.");
        assertThat(ResultFiles.differences(out, Map.of("a", 2L)))
                .containsExactly("'b' does not occur.");
        Files.writeString(day.resolve("part-2-0"), "b\t1\n");
        assertThat(ResultFiles.differences(out, Map.of("a", 2L, "b", 1L)))
                .containsExactly("'b' has the count 1 twice.");
    }
}
