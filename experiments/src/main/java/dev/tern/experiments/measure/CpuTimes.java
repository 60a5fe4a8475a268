package dev.tern.experiments.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Processor time of the whole machine since it started, as Linux counts it.
 *
 * @param busy ticks in which a core worked
 * @param total ticks of all cores
 */
public record CpuTimes(long busy, long total) {

    private static final Path SOURCE = Path.of("/proc/stat");
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int GUEST = 8;

    /** The times now; zero where the system has no {@code /proc/stat}. */
    public static CpuTimes now() throws IOException {
        if (!Files.isReadable(SOURCE)) {
            return new CpuTimes(0, 0);
        }
        return parse(Files.readAllLines(SOURCE));
    }

    /** Reads the line of all cores together; guest time is part of user time there. */
    static CpuTimes parse(List<String> lines) {
        String[] fields = lines.get(0).trim().split("\\s+");
        long busy = 0;
        long total = 0;
        for (int i = 0; i < Math.min(GUEST, fields.length - 1); i++) {
            long ticks = Long.parseLong(fields[i + 1]);
            total += ticks;
            if (i != IDLE && i != IO_WAIT) {
                busy += ticks;
            }
        }
        return new CpuTimes(busy, total);
    }

    /** Share of all cores that was busy since {@code earlier}, from 0 to 1; NaN if unknown. */
    public double shareSince(CpuTimes earlier) {
        return total == earlier.total
                ? Double.NaN
                : (double) (busy - earlier.busy) / (total - earlier.total);
    }
}
