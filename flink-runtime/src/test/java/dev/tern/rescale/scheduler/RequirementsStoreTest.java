package dev.tern.rescale.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobmanager.ExecutionPlanWriter;
import org.apache.flink.runtime.jobmanager.ThrowingExecutionPlanWriter;
import org.apache.flink.streaming.api.graph.ExecutionPlan;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

class RequirementsStoreTest {

    private static final JobVertexID VERTEX = new JobVertexID();

    private final JobGraph plan = new JobGraph("job");
    private final List<Integer> stored = new ArrayList<>();
    private final Queue<Runnable> queue = new ArrayDeque<>();

    @Test
    void writesInOrderAndOutsideOfTheCaller() {
        RequirementsStore.remember(plan, new Recording());
        RequirementsStore store = RequirementsStore.of(plan, queue::add);
        store.write(upperBound(4));
        store.write(upperBound(2));
        assertThat(stored).isEmpty();
        runAll();
        assertThat(stored).containsExactly(4, 2);
    }

    @Test
    void aFailureDoesNotStopLaterWrites() {
        RequirementsStore.remember(plan, new Recording());
        RequirementsStore store = RequirementsStore.of(plan, queue::add);
        store.write(upperBound(Recording.FAILS));
        store.write(upperBound(3));
        runAll();
        assertThat(stored).containsExactly(3);
    }

    @Test
    void withoutAStoreNothingIsWritten() {
        RequirementsStore.remember(plan, ThrowingExecutionPlanWriter.INSTANCE);
        assertThat(RequirementsStore.of(plan, queue::add).write(upperBound(4))).isCompleted();
        assertThat(queue).isEmpty();
    }

    private void runAll() {
        while (!queue.isEmpty()) {
            queue.remove().run();
        }
    }

    private static JobResourceRequirements upperBound(int parallelism) {
        return JobResourceRequirements.newBuilder()
                .setParallelismForJobVertex(VERTEX, 1, parallelism)
                .build();
    }

    private final class Recording implements ExecutionPlanWriter {

        private static final int FAILS = 13;

        @Override
        public void putExecutionPlan(ExecutionPlan executionPlan) {}

        @Override
        public void putJobResourceRequirements(JobID job, JobResourceRequirements requirements) {
            assertThat(job).isEqualTo(plan.getJobID());
            int upperBound = requirements.getParallelism(VERTEX).getUpperBound();
            if (upperBound == FAILS) {
                throw new IllegalStateException("injected");
            }
            stored.add(upperBound);
        }
    }
}
