package dev.tern.rescale.graph;

import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.scheduler.VertexParallelismInformation;
import org.apache.flink.runtime.scheduler.VertexParallelismStore;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Parallelism of the vertices of one execution graph that may change while the graph lives. */
public final class ElasticParallelismStore implements VertexParallelismStore {

    private final Map<JobVertexID, VertexParallelismInformation> byVertex = new HashMap<>();

    public ElasticParallelismStore(VertexParallelismStore initial) {
        initial.getAllParallelismInfo()
                .forEach((vertex, info) -> byVertex.put(vertex, new Elastic(info)));
    }

    @Override
    public VertexParallelismInformation getParallelismInfo(JobVertexID vertex) {
        return Optional.ofNullable(byVertex.get(vertex))
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "No parallelism information for vertex " + vertex));
    }

    @Override
    public Map<JobVertexID, VertexParallelismInformation> getAllParallelismInfo() {
        return Map.copyOf(byVertex);
    }

    /** Written in the JobMaster main thread, read by REST threads too. */
    private static final class Elastic implements VertexParallelismInformation {

        private final VertexParallelismInformation initial;
        private volatile int parallelism;

        private Elastic(VertexParallelismInformation initial) {
            this.initial = initial;
            this.parallelism = initial.getParallelism();
        }

        @Override
        public int getMinParallelism() {
            return initial.getMinParallelism();
        }

        @Override
        public int getParallelism() {
            return parallelism;
        }

        @Override
        public int getMaxParallelism() {
            return initial.getMaxParallelism();
        }

        @Override
        public void setParallelism(int parallelism) {
            this.parallelism = parallelism;
        }

        @Override
        public void setMaxParallelism(int maxParallelism) {
            initial.setMaxParallelism(maxParallelism);
        }

        @Override
        public boolean canRescaleMaxParallelism(int desiredMaxParallelism) {
            return initial.canRescaleMaxParallelism(desiredMaxParallelism);
        }
    }
}
