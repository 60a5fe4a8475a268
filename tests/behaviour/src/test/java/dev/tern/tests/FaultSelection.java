package dev.tern.tests;

import dev.tern.rescale.request.RescaleState;

import org.junit.jupiter.params.provider.Arguments;

import java.util.ArrayList;
import java.util.List;

/**
 * Which faults strike on which backend and with which strategy: all with {@code -Pconformance}, few
 * by default. What happens to one vertex happens on both backends, what happens to several on one of
 * them, in turn. What can strike while units move, or are about to, where strategies differ, happens
 * with drrs as well.
 */
final class FaultSelection {

    /** The strategy of the configuration. */
    private static final String DEFAULT = null;

    /**
     * One of so many by default: neither a divisor nor a multiple of the numbers of faults, so that
     * some strike in every state, and every fault somewhere.
     */
    private static final int ONE_VERTEX_ON_HEAP = 5;

    private static final int ONE_VERTEX_ON_ROCKSDB = 23;
    private static final int DRRS = 11;
    private static final int SEVERAL_VERTICES = 89;

    /** What strikes in these, or between them, meets the hand-over. */
    private static final RescaleState FIRST_OF_HANDOVER = RescaleState.PREPARE_OWNERS;

    private static final RescaleState LAST_OF_HANDOVER = RescaleState.COMMIT;

    private FaultSelection() {}

    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Rescaled rescaled : Rescaled.values()) {
            List<FaultCase> all = FaultCase.all(rescaled);
            if (rescaled == Rescaled.ONE_VERTEX) {
                List<FaultCase> onRocksDb =
                        all.stream().filter(FaultCase::isPossibleOnRocksDb).toList();
                add(cases, some(all, ONE_VERTEX_ON_HEAP, 0), List.of(Backend.HEAP), DEFAULT);
                add(
                        cases,
                        some(onRocksDb, ONE_VERTEX_ON_ROCKSDB, 7),
                        List.of(Backend.ROCKSDB),
                        DEFAULT);
                List<FaultCase> ofHandover =
                        all.stream().filter(FaultSelection::meetsHandover).toList();
                add(cases, some(ofHandover, DRRS, 3), List.of(Backend.HEAP), "drrs");
            } else {
                add(
                        cases,
                        some(all, SEVERAL_VERTICES, 61),
                        List.of(Backend.HEAP, Backend.ROCKSDB),
                        DEFAULT);
            }
        }
        return cases;
    }

    /** From the first one on, one of so many. */
    private static List<FaultCase> some(List<FaultCase> all, int oneOf, int first) {
        if (Suite.isFull()) {
            return all;
        }
        List<FaultCase> some = new ArrayList<>();
        for (int i = first; i < all.size(); i += oneOf) {
            some.add(all.get(i));
        }
        return some;
    }

    private static boolean meetsHandover(FaultCase fault) {
        return fault.state().compareTo(FIRST_OF_HANDOVER) >= 0
                && fault.state().compareTo(LAST_OF_HANDOVER) <= 0;
    }

    private static void add(
            List<Arguments> cases,
            List<FaultCase> faults,
            List<Backend> inTurn,
            String strategy) {
        for (int i = 0; i < faults.size(); i++) {
            FaultCase fault = faults.get(i);
            Backend backend = inTurn.get(i % inTurn.size());
            cases.add(
                    Arguments.of(
                            fault,
                            fault.isPossibleOnRocksDb() ? backend : Backend.HEAP,
                            strategy));
        }
    }
}
