package dev.tern.client.check;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.scheduler.SchedulerBase;
import org.apache.flink.streaming.api.graph.StreamConfig;

import dev.tern.rescale.coordinate.LiveObstacles;
import dev.tern.rescale.coordinate.PointwiseGroup;
import dev.tern.rescale.coordinate.Routing;
import dev.tern.rescale.coordinate.ShapeObstacle;
import dev.tern.rescale.request.CheckReport.VertexCheck;
import dev.tern.rescale.request.VertexView;
import dev.tern.streaming.state.PlannedTask;
import dev.tern.streaming.state.PlannedTask.Remark;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Says of each vertex of a job that does not run what {@code --check} would say of the running one:
 * first what its shape says, then, where that says nothing, what its tasks would. Every sentence
 * begins with the line of the program it is about.
 */
final class GraphCheck {

    private final PlannedJob job;
    private final Configuration cluster;
    private final ClassLoader userCode;

    /**
     * @param cluster configuration of the cluster, as far as the client knows it
     */
    GraphCheck(PlannedJob job, Configuration cluster, ClassLoader userCode) {
        this.job = job;
        this.cluster = cluster;
        this.userCode = userCode;
    }

    /**
     * Looks at all vertices.
     *
     * @throws Exception if what the job was configured with cannot be loaded
     */
    JarReport report() throws Exception {
        List<JarReport.PlannedVertex> vertices = new ArrayList<>();
        for (JobVertex vertex : job.graph().getVerticesSortedTopologicallyFromSources()) {
            vertices.add(check(vertex));
        }
        return new JarReport(job.graph().getName(), vertices);
    }

    private JarReport.PlannedVertex check(JobVertex vertex) throws Exception {
        List<String> shape =
                LiveObstacles.in(vertex).stream().map(obstacle -> at(vertex, obstacle)).toList();
        List<String> more = new ArrayList<>(shape);
        List<String> fewer = new ArrayList<>(shape);
        List<String> open = new ArrayList<>();
        List<VertexView> together = new ArrayList<>();
        // By a restart, as stock Flink does it, a vertex changes alone.
        Set<JobVertex> group = shape.isEmpty() ? PointwiseGroup.members(vertex) : Set.of();
        for (JobVertex member : group) {
            if (member != vertex) {
                together.add(view(member));
            }
            PlannedTask task = task(member);
            boolean byKey = Routing.of(member) == Routing.BY_KEY;
            more.addAll(at(task.obstacles(false, byKey)));
            fewer.addAll(at(task.obstacles(true, byKey)));
            open.addAll(at(task.openQuestions()));
        }
        return new JarReport.PlannedVertex(
                VertexCheck.of(view(vertex), together, more, fewer), open);
    }

    private PlannedTask task(JobVertex vertex) throws Exception {
        return PlannedTask.of(
                config(vertex), job.graph().getJobConfiguration(), cluster, userCode);
    }

    private static VertexView view(JobVertex vertex) {
        int most = vertex.getMaxParallelism();
        return new VertexView(
                vertex.getID().toHexString(),
                vertex.getName(),
                vertex.getParallelism(),
                most > 0 ? most : SchedulerBase.getDefaultMaxParallelism(vertex),
                List.of());
    }

    /** An edge begins to be what it is where its reader is made. */
    private String at(JobVertex vertex, ShapeObstacle obstacle) {
        JobVertex culprit = obstacle.edge() == null ? vertex : obstacle.edge().getTarget();
        return at(config(culprit).getVertexID(), "It " + obstacle.clause() + ".");
    }

    private List<String> at(List<Remark> remarks) {
        return remarks.stream().map(remark -> at(remark.node(), remark.sentence())).toList();
    }

    private String at(int node, String sentence) {
        CallSite site = job.sites().get(node);
        return site == null ? sentence : site + ": " + sentence;
    }

    private static StreamConfig config(JobVertex vertex) {
        return new StreamConfig(vertex.getConfiguration());
    }
}
