package dev.tern.rescale.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobgraph.JobVertexResourceRequirements.Parallelism;

import org.junit.jupiter.api.Test;

class ReplacedBoundsTest {

    private static final JobVertexID VERTEX = new JobVertexID(1, 1);
    private static final JobVertexID OTHER = new JobVertexID(1, 2);

    private final ReplacedBounds replaced = new ReplacedBounds();

    @Test
    void bothBoundsComeBackOnce() {
        replaced.replace(bounds(1, 8), bounds(3, 6));
        assertThat(replaced.takeBack(VERTEX)).contains(new Parallelism(1, 8));
        assertThat(replaced.takeBack(VERTEX)).isEmpty();
        assertThat(replaced.takeBack(OTHER)).isEmpty();
    }

    @Test
    void whatWasNeverCarriedOutDoesNotComeBack() {
        replaced.replace(bounds(1, 2), bounds(1, 4));
        replaced.replace(bounds(1, 4), bounds(1, 6));
        assertThat(replaced.takeBack(VERTEX)).contains(new Parallelism(1, 2));
    }

    @Test
    void whatWasCarriedOutStays() {
        replaced.replace(bounds(1, 2), bounds(1, 4));
        replaced.forget();
        assertThat(replaced.takeBack(VERTEX)).isEmpty();
    }

    @Test
    void whatWasReachedMeanwhileIsWhatTheNextOneGoesBackTo() {
        replaced.replace(bounds(1, 2), bounds(1, 4));
        replaced.replace(bounds(1, 4), bounds(1, 6));
        replaced.reached(VERTEX, 4, new Parallelism(1, 6));
        assertThat(replaced.takeBack(VERTEX)).contains(new Parallelism(1, 4));
    }

    @Test
    void whatWasReachedAndIsStillWantedStays() {
        replaced.replace(bounds(1, 2), bounds(1, 4));
        replaced.reached(VERTEX, 4, new Parallelism(1, 4));
        assertThat(replaced.takeBack(VERTEX)).isEmpty();
    }

    private static JobResourceRequirements bounds(int lower, int upper) {
        return JobResourceRequirements.newBuilder()
                .setParallelismForJobVertex(VERTEX, lower, upper)
                .setParallelismForJobVertex(OTHER, 1, 2)
                .build();
    }
}
