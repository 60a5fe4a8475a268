package dev.tern.experiments.rest;

import java.util.List;

/**
 * A job at one moment, from stock REST only.
 *
 * @param state the job status, such as RUNNING
 * @param numRestarts the gauge of that name, counted since submission
 * @param exceptions how many exceptions the job's history holds
 * @param restoredCheckpoints how often a checkpoint was restored
 * @param vertices all vertices in the order of the job
 */
public record JobPicture(
        String state,
        long numRestarts,
        int exceptions,
        long restoredCheckpoints,
        List<VertexView> vertices) {

    public JobPicture {
        vertices = List.copyOf(vertices);
    }

    /**
     * The vertex with this id.
     *
     * @throws IllegalArgumentException when the job has none
     */
    public VertexView vertex(String id) {
        return vertices.stream()
                .filter(vertex -> vertex.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "The job has no vertex " + id + ", it has " + names()));
    }

    /**
     * The only vertex whose name contains {@code part}.
     *
     * @throws IllegalArgumentException when none or several do
     */
    public VertexView vertexNamed(String part) {
        List<VertexView> found =
                vertices.stream().filter(vertex -> vertex.name().contains(part)).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    "Expected one vertex whose name contains '"
                            + part
                            + "', found "
                            + found.size()
                            + "; the job has "
                            + names());
        }
        return found.get(0);
    }

    /** Whether every subtask of every vertex runs. */
    public boolean isRunning() {
        return state.equals("RUNNING") && vertices.stream().allMatch(VertexView::isRunning);
    }

    private List<String> names() {
        return vertices.stream().map(VertexView::name).toList();
    }
}
