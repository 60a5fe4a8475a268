package dev.tern.examples.measure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/**
 * When each record of an open-loop source is due, fixed before the run.
 *
 * <p>The first {@code fillRecords} records follow each other at {@code fillRate}; after a pause the
 * rest follow at {@code rate}. A source that falls behind catches up and never moves the schedule,
 * so that waiting shows as latency instead of vanishing.
 *
 * @param startMicros when record 0 is due, epoch microseconds
 * @param fillRecords number of records of the fill phase
 * @param fillRate records per second in the fill phase
 * @param settleMicros pause between the fill phase and the rest; none without a fill phase
 * @param rate records per second after the fill phase
 */
public record Schedule(
        long startMicros, long fillRecords, double fillRate, long settleMicros, double rate)
        implements Serializable {

    private static final String FILE = "schedule.properties";

    public Schedule {
        if (!(fillRate > 0) || !(rate > 0)) {
            throw new IllegalArgumentException(
                    "A schedule needs rates above 0, got fill "
                            + fillRate
                            + " and "
                            + rate
                            + "/s.");
        }
        if (fillRecords < 0 || settleMicros < 0) {
            throw new IllegalArgumentException(
                    "A schedule needs a fill phase and a pause of 0 or more, got "
                            + fillRecords
                            + " records and "
                            + settleMicros
                            + " us.");
        }
    }

    /** A schedule without a fill phase. */
    public static Schedule steady(long startMicros, double rate) {
        return new Schedule(startMicros, 0, rate, 0, rate);
    }

    /** When the first record after the fill phase is due. */
    public long steadyStartMicros() {
        return fillRecords == 0
                ? startMicros
                : startMicros + micros(fillRecords, fillRate) + settleMicros;
    }

    /** When a record is due. */
    public long scheduledMicros(long record) {
        return record < fillRecords
                ? startMicros + micros(record, fillRate)
                : steadyStartMicros() + micros(record - fillRecords, rate);
    }

    /** The number of records that are due at a time, that time included. */
    public long dueAt(long nowMicros) {
        if (nowMicros < startMicros) {
            return 0;
        }
        long steadyStart = steadyStartMicros();
        long guess =
                nowMicros >= steadyStart
                        ? fillRecords + (long) ((nowMicros - steadyStart) / 1e6 * rate)
                        : Math.min(
                                fillRecords, (long) ((nowMicros - startMicros) / 1e6 * fillRate));
        // The guess suffers from rounding; scheduledMicros has the last word.
        while (guess > 0 && scheduledMicros(guess - 1) > nowMicros) {
            guess--;
        }
        while (scheduledMicros(guess) <= nowMicros) {
            guess++;
        }
        return guess;
    }

    private static long micros(long records, double rate) {
        return (long) (records / rate * 1e6);
    }

    /** Writes the schedule into a directory, in one step for readers. */
    public void writeTo(Path directory) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("startMicros", Long.toString(startMicros));
        properties.setProperty("fillRecords", Long.toString(fillRecords));
        properties.setProperty("fillRate", Double.toString(fillRate));
        properties.setProperty("settleMicros", Long.toString(settleMicros));
        properties.setProperty("rate", Double.toString(rate));
        properties.setProperty("steadyStartMicros", Long.toString(steadyStartMicros()));
        Files.createDirectories(directory);
        Path part = Files.createTempFile(directory, "schedule", ".part");
        try (OutputStream out = Files.newOutputStream(part)) {
            properties.store(out, null);
        }
        Files.move(part, directory.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads the schedule that a source left in a directory. */
    public static Schedule read(Path directory) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(directory.resolve(FILE))) {
            properties.load(in);
        }
        return new Schedule(
                Long.parseLong(properties.getProperty("startMicros")),
                Long.parseLong(properties.getProperty("fillRecords")),
                Double.parseDouble(properties.getProperty("fillRate")),
                Long.parseLong(properties.getProperty("settleMicros")),
                Double.parseDouble(properties.getProperty("rate")));
    }

    /** Whether a source left a schedule in a directory. */
    public static boolean existsIn(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }
}
