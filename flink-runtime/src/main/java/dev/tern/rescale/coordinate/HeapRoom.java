package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.Move;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether state on the heap fits where it goes. Pure.
 *
 * @param process text that identifies a TaskExecutor
 * @param freeBytes heap that is free there, by the lowest account of a subtask
 */
record HeapRoom(String process, long freeBytes) {

    /**
     * What moves in one vertex.
     *
     * @param moves what moves between subtasks
     * @param keyGroupBytes estimated serialized size of each key group; on the heap it takes no less
     * @param rooms where each subtask runs; none for subtasks whose state is not on the heap
     */
    record Load(
            List<Move> moves, Map<Integer, Long> keyGroupBytes, Map<Integer, HeapRoom> rooms) {

        static final Load NONE = new Load(List.of(), Map.of(), Map.of());

        private void addTo(Map<String, Long> arriving) {
            for (Move move : moves) {
                HeapRoom to = rooms.get(move.to());
                HeapRoom from = rooms.get(move.from());
                if (to != null && (from == null || !from.process().equals(to.process()))) {
                    arriving.merge(
                            to.process(),
                            keyGroupBytes.getOrDefault(move.keyGroup(), 0L),
                            Long::sum);
                }
            }
        }
    }

    /** Which process has too little room for all of this, as a sentence. */
    static Optional<String> shortage(Collection<Load> loads) {
        Map<String, Long> arriving = new TreeMap<>();
        Map<String, Long> free = new TreeMap<>();
        for (Load load : loads) {
            load.rooms()
                    .values()
                    .forEach(room -> free.merge(room.process(), room.freeBytes(), Math::min));
            load.addTo(arriving);
        }
        return arriving.entrySet().stream()
                .filter(process -> process.getValue() > free.get(process.getKey()))
                .findFirst()
                .map(
                        process ->
                                String.format(
                                        "TaskManager %s has %d MB of heap free, and %d MB of state"
                                                + " would arrive there. Give TaskManagers more"
                                                + " memory (taskmanager.memory.task.heap.size), or"
                                                + " ask for more subtasks.",
                                        process.getKey(),
                                        free.get(process.getKey()) >> 20,
                                        process.getValue() >> 20));
    }
}
