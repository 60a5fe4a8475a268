package dev.tern.examples.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** The records of each key. */
public final class KeyedRecords {

    private KeyedRecords() {}

    /**
     * Groups the records 0 to {@code records - 1}.
     *
     * @param key of a record; null if it has none
     */
    public static Map<String, List<Long>> of(long records, LongFunction<String> key) {
        Map<String, List<Long>> grouped = new HashMap<>();
        for (long record = 0; record < records; record++) {
            String of = key.apply(record);
            if (of != null) {
                grouped.computeIfAbsent(of, ignored -> new ArrayList<>()).add(record);
            }
        }
        return grouped;
    }
}
