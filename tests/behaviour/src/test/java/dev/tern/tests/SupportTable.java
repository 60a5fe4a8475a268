package dev.tern.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The table of docs/CORRECTNESS.md that says what is rescaled live. */
final class SupportTable {

    private static final Path PAGE =
            Path.of(System.getProperty("tern.root", "../..")).resolve("docs/CORRECTNESS.md");

    private SupportTable() {}

    /** Whether the row of this feature says live. */
    static boolean isLive(String feature) {
        return row(feature)[2].strip().equals("live");
    }

    private static String[] row(String feature) {
        List<String> lines;
        try {
            lines = Files.readAllLines(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines.stream()
                .filter(line -> line.startsWith("| " + feature + " |"))
                .map(line -> line.split("\\|"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No row '" + feature + "' in " + PAGE));
    }
}
