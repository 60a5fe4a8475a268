package dev.tern.rescale.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Which key group moves before which: "prioritization" in Spacker (Mao et al., ICDCS 2025). */
public enum Order {
    /** By the number of the key group. */
    INDEX,
    /** Shuffled, by a seed. */
    RANDOM,
    /** Those with the most records per second first. */
    HOT_FIRST,
    /** Those with the fewest records per second first. */
    COLD_FIRST,
    /** The smallest first. */
    SIZE_ASCENDING,
    /** The largest first. */
    SIZE_DESCENDING;

    /** Whether it is an order of record rates. */
    public boolean needsRates() {
        return this == HOT_FIRST || this == COLD_FIRST;
    }

    /** All moves of the view in this order; ties go by the number of the key group. */
    public List<Move> of(MigrationView view, long seed) {
        List<Move> ordered = new ArrayList<>(view.moves());
        switch (this) {
            case INDEX -> {}
            case RANDOM -> Collections.shuffle(ordered, new Random(seed));
            case HOT_FIRST -> ordered.sort(Comparator.comparingDouble(view::rateOf).reversed());
            case COLD_FIRST -> ordered.sort(Comparator.comparingDouble(view::rateOf));
            case SIZE_ASCENDING -> ordered.sort(Comparator.comparingLong(view::bytesOf));
            case SIZE_DESCENDING ->
                    ordered.sort(Comparator.comparingLong(view::bytesOf).reversed());
        }
        return ordered;
    }

    /** As it is written in options. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
