package dev.tern.experiments.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

class CountsTest {

    private static final String TEXT = "Der Rat, der Rat!\nÜber 2004 – ÜBER.\n\n";

    @TempDir private Path directory;
    private WordCensus census;

    @BeforeEach
    void countText() throws IOException {
        census = WordCensus.of(Files.writeString(directory.resolve("text.txt"), TEXT));
        Files.createDirectories(directory.resolve("output/2026-01-01--00"));
    }

    @Test
    void countsLettersAndDigitsInLowerCase() {
        assertThat(census.words()).isEqualTo(7);
        assertThat(census.counts())
                .isEqualTo(Map.of("der", 2L, "rat", 2L, "über", 2L, "2004", 1L));
    }

    @Test
    void readsCompressedText() throws IOException {
        Path compressed = directory.resolve("text.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            out.write(TEXT.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(WordCensus.of(compressed)).isEqualTo(census);
    }

    @Test
    void linesOfAllFilesInAnyOrderAreExact() throws IOException {
        result("part-0", "der\t1\nrat\t2\nüber\t1\n");
        result("part-1", "rat\t1\n2004\t1\nüber\t2\nder\t2\n");
        result(".part-2.inprogress.x", "der\t3\n");

        CountCheck check = check();

        assertThat(check.isExact()).isTrue();
        assertThat(check.lines()).isEqualTo(7);
        assertThat(check.words()).isEqualTo(4);
    }

    @Test
    void aMissingWordARepeatedLineAndAnUnknownWordAreAllWrong() throws IOException {
        result("part-0", "der\t1\nder\t2\nrat\t1\nrat\t1\nüber\t1\nüber\t2\nneu\t1\n");

        CountCheck check = check();

        assertThat(check.wrongWords()).isEqualTo(3);
        assertThat(check.example()).isNotEmpty();
    }

    @Test
    void aWordCountedOnlyInPartIsWrong() throws IOException {
        result("part-0", "der\t1\nrat\t1\nrat\t2\nüber\t1\nüber\t2\n2004\t1\n");

        assertThat(check().example()).contains("'der' occurs 2 times, has 1 results up to 1");
    }

    private CountCheck check() throws IOException {
        return CountCheck.of(directory.resolve("output"), census);
    }

    private void result(String name, String lines) throws IOException {
        Files.writeString(directory.resolve("output/2026-01-01--00").resolve(name), lines);
    }
}
