package dev.tern.examples.measure;

import dev.tern.examples.parameters.ParameterException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AnalyzeTest {

    private static final long START_MILLIS = 1_700_000_000_000L;

    @TempDir private Path directory;

    private static String analyze(String... args) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Analyze.analyze(
                Analyze.declare().parse(args),
                new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** 4 s of one word per millisecond, 3 ms each; key 1 is counted by subtask 1 from 2 s on. */
    private void writeRun() throws Exception {
        KeySequence keys = new KeySequence(5, 2, 0, 0);
        Schedule schedule = Schedule.steady(START_MILLIS * 1000, 1000);
        schedule.writeTo(directory);
        long[] counts = new long[2];
        try (ArrivalLogWriter writer = new ArrivalLogWriter(directory, 0, 0, START_MILLIS)) {
            for (int i = 0; i < 4000; i++) {
                long due = schedule.scheduledMicros(i);
                int key = (int) keys.key(i);
                writer.add(
                        new Arrival(
                                i,
                                Words.hash(Words.ofKey(key)),
                                ++counts[key],
                                due,
                                due + 3000,
                                i < 2000 ? 0 : key,
                                0));
            }
        }
    }

    @Test
    void printsTheFiguresOfARescale() throws Exception {
        writeRun();
        String json =
                analyze(
                        "--latencyDir", directory.toString(),
                        "--trigger", String.valueOf(START_MILLIS + 2000),
                        "--base", "2",
                        "--horizon", "1",
                        "--from", "1",
                        "--cutoff", "1000",
                        "--keys", "2",
                        "--seed", "5");
        assertThat(json)
                .contains("\"expected\": 3003")
                .contains("\"baseP50\": 3.0")
                .contains("\"gap\": 1.0")
                .contains("\"lost\": 0")
                .contains("\"outOfOrder\": 0")
                .contains("\"oracleWrongKeys\": 0")
                .contains("\"oracleWrongCounts\": 0");
    }

    @Test
    void comparesWithTheOracleAndWritesTheSeries() throws Exception {
        writeRun();
        Path series = directory.resolve("series.csv");
        String json =
                analyze(
                        "--latencyDir", directory.toString(),
                        "--expected", "4001",
                        "--keys", "2",
                        "--seed", "6",
                        "--series", series.toString());
        assertThat(json).contains("\"lost\": 1").doesNotContain("\"oracleWrongKeys\": 0");
        assertThat(Files.readAllLines(series))
                .hasSize(41)
                .contains(START_MILLIS * 1000 + 100_000 + ",100,3.001,3.001,3.001,100,3");
    }

    @Test
    void refusesADirectoryWithoutArrivals() {
        assertThatThrownBy(() -> analyze("--latencyDir", directory.toString()))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("no arrivals");
        assertThatThrownBy(() -> analyze()).hasMessage("The analysis needs --latencyDir.");
    }
}
