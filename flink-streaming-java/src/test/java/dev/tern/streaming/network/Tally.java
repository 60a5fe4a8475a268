package dev.tern.streaming.network;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Counts what consumers have read and compares it with what producers have emitted. */
final class Tally {

    private final Map<Long, long[]> seen = new HashMap<>();

    /** Adds what one consumer has read; within it, the records of a producer's key are in order. */
    void add(List<Long> records) {
        Map<Long, Long> last = new HashMap<>();
        for (long record : records) {
            long stream = record >>> 32;
            long number = TestProducer.numberOf(record);
            Long previous = last.put(stream, number);
            assertThat(previous == null || previous < number)
                    .as("record %s after %s of stream %x", number, previous, stream)
                    .isTrue();
            mark(stream, (int) number);
        }
    }

    /** Checks that each record of this producer was read exactly once. */
    void verify(int producer, long[] emittedPerKey) {
        for (int key = 0; key < emittedPerKey.length; key++) {
            long stream = (long) producer << 16 | key;
            long[] times = seen.getOrDefault(stream, new long[0]);
            long[] once = new long[(int) emittedPerKey[key]];
            Arrays.fill(once, 1);
            assertThat(Arrays.copyOf(times, Math.max(once.length, highest(times))))
                    .as("records of key %d from producer %d", key, producer)
                    .isEqualTo(once);
        }
    }

    private static int highest(long[] times) {
        for (int i = times.length; i > 0; i--) {
            if (times[i - 1] != 0) {
                return i;
            }
        }
        return 0;
    }

    private void mark(long stream, int number) {
        long[] times = seen.computeIfAbsent(stream, ignored -> new long[1024]);
        if (number >= times.length) {
            times = Arrays.copyOf(times, Math.max(number + 1, times.length * 2));
            seen.put(stream, times);
        }
        times[number]++;
    }
}
