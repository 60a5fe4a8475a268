package dev.tern.examples.measure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * A UTF-8 text held in memory, with the number of words before each line. A name that ends in
 * {@code .gz} is decompressed. Lines end at a line feed. Immutable.
 */
public final class TextFile {

    private final byte[] bytes;
    private final int[] lineStarts;
    private final int[] wordsBefore;
    private final int lines;

    private TextFile(byte[] bytes) {
        this.bytes = bytes;
        int[] starts = new int[1024];
        int[] words = new int[1024];
        int line = 0;
        for (int start = 0; start < bytes.length; ) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            if (line + 1 == starts.length) {
                starts = Arrays.copyOf(starts, line * 2 + 2);
                words = Arrays.copyOf(words, line * 2 + 2);
            }
            int count = Words.count(new String(bytes, start, end - start, StandardCharsets.UTF_8));
            words[line + 1] = words[line] + count;
            start = end + 1;
            line++;
            starts[line] = start;
        }
        this.lineStarts = starts;
        this.wordsBefore = words;
        this.lines = line;
    }

    /** Reads a file, and counts its words. */
    public static TextFile read(Path file) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
            TextFile text = new TextFile(in.readAllBytes());
            if (text.words() == 0) {
                throw new IOException("The text " + file + " has no words; give one that has.");
            }
            return text;
        }
    }

    public int lines() {
        return lines;
    }

    public int words() {
        return wordsBefore[lines];
    }

    public String line(int index) {
        int end = Math.min(lineStarts[index + 1] - 1, bytes.length);
        return new String(
                bytes, lineStarts[index], end - lineStarts[index], StandardCharsets.UTF_8);
    }

    /** The number of words in the lines before a line. */
    public int wordsBefore(int line) {
        return wordsBefore[line];
    }
}
