package dev.tern.experiments.rest;

import java.util.ArrayList;
import java.util.List;

/**
 * Proves from two pictures of a job, taken before and after a rescale, whether it was live.
 *
 * <p>Nothing that Tern claims about itself enters: only the gauge numRestarts, the exception
 * history, the number of restored checkpoints, and attempt number, start time and TaskManager of
 * every subtask that exists on both sides.
 *
 * @param mode the verdict
 * @param evidence every observation that speaks against LIVE; empty for LIVE
 */
public record LiveProof(ProvenMode mode, List<String> evidence) {

    public LiveProof {
        evidence = List.copyOf(evidence);
    }

    /**
     * Judges a rescale of one vertex.
     *
     * @param before taken before the trigger
     * @param after taken when the rescale is over
     * @param vertexId the vertex whose parallelism was to change
     * @param to the parallelism asked for
     */
    public static LiveProof judge(JobPicture before, JobPicture after, String vertexId, int to) {
        VertexView changed = after.vertex(vertexId);
        if (changed.parallelism() != to || changed.subtasks().size() != to) {
            return new LiveProof(
                    ProvenMode.UNCHANGED,
                    List.of(
                            "vertex "
                                    + vertexId
                                    + " runs at parallelism "
                                    + changed.parallelism()
                                    + " with "
                                    + changed.subtasks().size()
                                    + " subtasks, expected "
                                    + to));
        }
        List<String> evidence = new ArrayList<>();
        expectEqual("numRestarts", before.numRestarts(), after.numRestarts(), evidence);
        expectEqual("exceptions", before.exceptions(), after.exceptions(), evidence);
        expectEqual(
                "restored checkpoints",
                before.restoredCheckpoints(),
                after.restoredCheckpoints(),
                evidence);
        for (VertexView vertex : before.vertices()) {
            compareSurvivors(vertex, after.vertex(vertex.id()), evidence);
        }
        return new LiveProof(
                evidence.isEmpty() ? ProvenMode.LIVE : ProvenMode.RESTART, evidence);
    }

    private static void compareSurvivors(
            VertexView before, VertexView after, List<String> evidence) {
        int survivors = Math.min(before.subtasks().size(), after.subtasks().size());
        if (survivors == 0) {
            evidence.add("no subtask of " + before.name() + " could be compared");
        }
        for (int i = 0; i < survivors; i++) {
            SubtaskView then = before.subtasks().get(i);
            SubtaskView now = after.subtasks().get(i);
            if (!then.isSameAttempt(now)) {
                evidence.add(
                        before.name()
                                + ": "
                                + then.describeAttempt()
                                + " became "
                                + now.describeAttempt());
            }
        }
    }

    private static void expectEqual(String what, long before, long after, List<String> evidence) {
        if (before != after) {
            evidence.add(what + " went from " + before + " to " + after);
        }
    }
}
