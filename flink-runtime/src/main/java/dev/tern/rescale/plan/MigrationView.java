package dev.tern.rescale.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link MigrationScheduler} decides about. Immutable.
 *
 * @param moves all moves of the plan, by key group
 * @param keyGroupBytes estimated serialized size of the key groups; one that is missing is empty
 * @param recordsPerSecond measured record rate of the key groups, one that is missing had no record;
 *     empty when rates were not measured
 * @param processes identity of the TaskExecutor that runs a subtask; one that is missing is not
 *     known yet
 */
public record MigrationView(
        List<Move> moves,
        Map<Integer, Long> keyGroupBytes,
        Optional<Map<Integer, Double>> recordsPerSecond,
        Map<Integer, String> processes) {

    public MigrationView {
        moves = moves.stream().sorted(Comparator.comparingInt(Move::keyGroup)).toList();
        keyGroupBytes = Map.copyOf(keyGroupBytes);
        recordsPerSecond = recordsPerSecond.map(Map::copyOf);
        processes = Map.copyOf(processes);
    }

    /** Moves of which only the sizes are known. */
    public static MigrationView of(List<Move> moves, Map<Integer, Long> keyGroupBytes) {
        return new MigrationView(moves, keyGroupBytes, Optional.empty(), Map.of());
    }

    /** Estimated serialized size of what moves. */
    public long bytesOf(Move move) {
        return keyGroupBytes.getOrDefault(move.keyGroup(), 0L);
    }

    /** Estimated serialized size of everything that moves. */
    public long totalBytes() {
        return moves.stream().mapToLong(this::bytesOf).sum();
    }

    /**
     * Records per second of what moves.
     *
     * @throws IllegalStateException when rates were not measured; {@link
     *     MigrationScheduler#needsRates} keeps that from happening
     */
    public double rateOf(Move move) {
        return recordsPerSecond
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "The record rates of the key groups were not measured."))
                .getOrDefault(move.keyGroup(), 0.0);
    }

    /** Whether source and target are known to share a TaskExecutor, so that a copy may be saved. */
    public boolean staysInProcess(Move move) {
        String source = processes.get(move.from());
        return source != null && source.equals(processes.get(move.to()));
    }
}
