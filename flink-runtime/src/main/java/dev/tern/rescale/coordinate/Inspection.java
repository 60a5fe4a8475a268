package dev.tern.rescale.coordinate;

import dev.tern.rescale.control.TaskReply;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the running subtasks of a vertex say about themselves.
 *
 * @param obstacles why the vertex cannot be rescaled live, in sentences, without repetition
 * @param keyGroupBytes estimated serialized size of each key group
 * @param retiringCommit whether retiring subtasks have to take part in one more checkpoint
 */
public record Inspection(
        List<String> obstacles, Map<Integer, Long> keyGroupBytes, boolean retiringCommit) {

    /** Why a vertex cannot be rescaled live, from obstacles that its tasks told. */
    public static String reason(String vertexName, List<String> obstacles) {
        return String.format(
                "Vertex \"%s\" cannot be rescaled while it runs: %s",
                vertexName, String.join(" ", obstacles));
    }

    /** The same for several vertices; empty when nothing stands against it. */
    static Optional<String> reason(Map<VertexChange, Inspection> inspections) {
        return inspections.entrySet().stream()
                .filter(inspection -> !inspection.getValue().obstacles().isEmpty())
                .map(
                        inspection ->
                                reason(
                                        inspection.getKey().jobVertex().getName(),
                                        inspection.getValue().obstacles()))
                .reduce((one, other) -> one + " " + other);
    }

    /** Merges the replies of all subtasks. */
    public static Inspection of(List<TaskReply> replies) {
        List<String> obstacles = new ArrayList<>();
        Map<Integer, Long> bytes = new TreeMap<>();
        boolean commit = false;
        for (TaskReply reply : replies) {
            TaskReply.Inspected inspected = (TaskReply.Inspected) reply;
            inspected.obstacles().stream().filter(o -> !obstacles.contains(o)).forEach(obstacles::add);
            bytes.putAll(inspected.keyGroupBytes());
            commit |= inspected.commits();
        }
        return new Inspection(List.copyOf(obstacles), Map.copyOf(bytes), commit);
    }
}
