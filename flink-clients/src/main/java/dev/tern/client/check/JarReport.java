package dev.tern.client.check;

import dev.tern.rescale.request.CheckReport.VertexCheck;

import java.util.List;

/**
 * What could be done with the parallelism of each vertex of a job that does not run.
 *
 * @param job name of the job
 * @param vertices all vertices, in topological order
 */
public record JarReport(String job, List<PlannedVertex> vertices) {

    public JarReport {
        vertices = List.copyOf(vertices);
    }

    /**
     * A vertex.
     *
     * @param check what is known of it; each reason begins with the line of the program
     * @param openQuestions what only the running job will tell, in such sentences
     */
    public record PlannedVertex(VertexCheck check, List<String> openQuestions) {

        public PlannedVertex {
            openQuestions = List.copyOf(openQuestions);
        }
    }
}
