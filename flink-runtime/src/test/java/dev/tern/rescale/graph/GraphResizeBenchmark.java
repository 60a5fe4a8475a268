package dev.tern.rescale.graph;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.jobgraph.DistributionPattern;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * How long the JobMaster main thread is kept by a resize of the graph, and how long Flink takes to
 * build such a graph from scratch, as it does in a restart. Run by hand; medians of the processor
 * time of rounds with warm code.
 */
public final class GraphResizeBenchmark {

    private static final int WARM_UP = 15;
    private static final int ROUNDS = 31;
    private static final JobVertexID KEYED = new JobVertexID(1, 2);

    private GraphResizeBenchmark() {}

    public static void main(String[] args) throws Exception {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        try {
            measure(executor, 500, 600);
            measure(executor, 1_000, 1_200);
            measure(executor, 1_000, 1_001);
            measure(executor, 2_000, 2_400);
        } finally {
            executor.shutdownNow();
        }
    }

    private static void measure(ScheduledExecutorService executor, int from, int to)
            throws Exception {
        double[] fresh = new double[ROUNDS];
        double[] grow = new double[ROUNDS];
        double[] shrink = new double[ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            long start = cpuNanos();
            DefaultExecutionGraph graph = graph(executor, from);
            double built = millisSince(start);
            ExecutionJobVertex keyed = graph.getJobVertex(KEYED);
            ExecutionGraphResizer resizer =
                    new ExecutionGraphResizer(graph, Duration.ofSeconds(10), 16);
            start = cpuNanos();
            resizer.grow(Map.of(keyed, to), subtask -> 1);
            double grown = millisSince(start);
            start = cpuNanos();
            resizer.shrink(Map.of(keyed, from));
            double shrunk = millisSince(start);
            if (round >= 0) {
                fresh[round] = built;
                grow[round] = grown;
                shrink[round] = shrunk;
            }
        }
        System.out.printf(
                "%d -> %d between two vertices of %d: built %.2f ms, grown in %.2f ms, shrunk in"
                        + " %.2f ms%n",
                from, to, from, median(fresh), median(grow), median(shrink));
    }

    private static DefaultExecutionGraph graph(ScheduledExecutorService executor, int parallelism)
            throws Exception {
        JobVertex source =
                TestGraphs.vertex("SOURCE", new JobVertexID(1, 1), parallelism, 32_768);
        JobVertex keyed = TestGraphs.vertex("KEYED", KEYED, parallelism, 32_768);
        JobVertex sink = TestGraphs.vertex("SINK", new JobVertexID(1, 3), parallelism, 32_768);
        TestGraphs.connect(source, keyed, DistributionPattern.ALL_TO_ALL, 0);
        TestGraphs.connect(keyed, sink, DistributionPattern.ALL_TO_ALL, 0);
        return TestGraphs.graph(new JobID(1, 1), executor, source, keyed, sink);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double millisSince(long start) {
        return (cpuNanos() - start) / 1e6;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
