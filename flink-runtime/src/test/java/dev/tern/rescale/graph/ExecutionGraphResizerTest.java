package dev.tern.rescale.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.DefaultExecutionGraph;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.executiongraph.IntermediateResult;
import org.apache.flink.runtime.executiongraph.IntermediateResultPartition;
import org.apache.flink.runtime.jobgraph.DistributionPattern;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.scheduler.strategy.ConsumedPartitionGroup;
import org.apache.flink.runtime.scheduler.strategy.SchedulingExecutionVertex;
import org.apache.flink.runtime.scheduler.strategy.SchedulingPipelinedRegion;
import org.apache.flink.runtime.scheduler.strategy.SchedulingTopology;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.StreamSupport;

/**
 * A graph that was resized equals one that was built at that parallelism, but for attempt numbers
 * and the "(1/2)" in the names of subtasks that were there before, which are fixed when they start.
 */
class ExecutionGraphResizerTest {

    private static final JobID JOB = new JobID(1, 1);
    private static final JobVertexID SOURCE = new JobVertexID(1, 1);
    private static final JobVertexID KEYED = new JobVertexID(1, 2);
    private static final JobVertexID SINK = new JobVertexID(1, 3);
    private static final JobVertexID OTHER = new JobVertexID(1, 4);

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private int lastAttempt;

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({"2,4", "1,3", "4,2", "5,1", "3,8"})
    void aResizedGraphEqualsAFreshOne(int from, int to) throws Exception {
        DefaultExecutionGraph graph = graph(from);
        resize(graph, to);
        assertThat(shapeOf(graph)).isEqualTo(shapeOf(graph(to))).isNotEqualTo(shapeOf(graph(from)));
    }

    @Test
    void thereAndBackAgainEqualsTheFirst() throws Exception {
        DefaultExecutionGraph graph = graph(2);
        // No attempt number twice, as the grown subtasks would have the ids of those that left.
        for (int parallelism : new int[] {4, 3, 8, 1, 5, 2}) {
            resize(graph, parallelism);
            assertThat(shapeOf(graph)).isEqualTo(shapeOf(graph(parallelism)));
        }
    }

    @Test
    void aSubtaskThatComesBackHasAnAttemptNumberOfItsOwn() throws Exception {
        DefaultExecutionGraph graph = graph(3);
        ExecutionJobVertex keyed = graph.getJobVertex(KEYED);
        ExecutionGraphResizer resizer = resizer(graph);
        resizer.shrink(Map.of(keyed, 2));
        resizer.grow(Map.of(keyed, 4), subtask -> subtask.getSubtaskIndex() == 2 ? 7 : 0);
        assertThat(attemptOf(keyed, 1)).isZero();
        assertThat(attemptOf(keyed, 2)).isEqualTo(7);
        assertThat(attemptOf(keyed, 3)).isZero();
    }

    @Test
    void refusesToDropASubtaskThatRuns() throws Exception {
        DefaultExecutionGraph graph = graph(3);
        ExecutionJobVertex keyed = graph.getJobVertex(KEYED);
        keyed.getTaskVertices()[2]
                .getCurrentExecutionAttempt()
                .transitionState(ExecutionState.SCHEDULED);
        assertThatThrownBy(() -> resizer(graph).shrink(Map.of(keyed, 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("KEYED (3/3) cannot leave the graph: it is SCHEDULED");
        assertThat(shapeOf(graph)).isEqualTo(shapeOf(graph(3)));
    }

    @Test
    void refusesToGrowToLess() throws Exception {
        DefaultExecutionGraph graph = graph(3);
        assertThatThrownBy(
                        () ->
                                resizer(graph)
                                        .grow(
                                                Map.of(graph.getJobVertex(KEYED), 3),
                                                subtask -> 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("KEYED cannot grow from 3 to 3");
    }

    /** The time is printed; what is asserted is why it does not grow with the square. */
    @Test
    void aThousandSubtasksShareOneGroupOfPartitions() throws Exception {
        DefaultExecutionGraph graph = graph(900);
        long start = System.nanoTime();
        resize(graph, 1_000);
        System.out.printf(
                "900 -> 1000 subtasks: the graph was resized in %.1f ms%n",
                (System.nanoTime() - start) / 1e6);
        Set<ConsumedPartitionGroup> groups =
                Collections.newSetFromMap(new IdentityHashMap<>());
        ExecutionJobVertex keyed = graph.getJobVertex(KEYED);
        for (ExecutionVertex subtask : keyed.getTaskVertices()) {
            groups.addAll(subtask.getAllConsumedPartitionGroups());
        }
        assertThat(keyed.getTaskVertices()).hasSize(1_000);
        assertThat(groups).hasSize(1);
    }

    private void resize(DefaultExecutionGraph graph, int parallelism) throws Exception {
        ExecutionJobVertex keyed = graph.getJobVertex(KEYED);
        if (parallelism > keyed.getParallelism()) {
            resizer(graph).grow(Map.of(keyed, parallelism), subtask -> ++lastAttempt);
        } else {
            resizer(graph).shrink(Map.of(keyed, parallelism));
        }
    }

    private static ExecutionGraphResizer resizer(DefaultExecutionGraph graph) {
        return new ExecutionGraphResizer(graph, Duration.ofSeconds(10), 16);
    }

    private static int attemptOf(ExecutionJobVertex vertex, int subtask) {
        return vertex.getTaskVertices()[subtask].getCurrentExecutionAttempt().getAttemptNumber();
    }

    /** SOURCE (2) feeds KEYED, which feeds SINK (3), and over a pointwise edge OTHER (4). */
    private DefaultExecutionGraph graph(int parallelism) throws Exception {
        JobVertex source = TestGraphs.vertex("SOURCE", SOURCE, 2, 2_048);
        JobVertex keyed = TestGraphs.vertex("KEYED", KEYED, parallelism, 4_096);
        JobVertex sink = TestGraphs.vertex("SINK", SINK, 3, 2_048);
        JobVertex other = TestGraphs.vertex("OTHER", OTHER, 4, 2_048);
        TestGraphs.connect(source, keyed, DistributionPattern.ALL_TO_ALL, 0);
        TestGraphs.connect(keyed, sink, DistributionPattern.ALL_TO_ALL, 0);
        TestGraphs.connect(source, other, DistributionPattern.POINTWISE, 1);
        return TestGraphs.graph(JOB, executor, source, keyed, sink, other);
    }

    /** Everything the rest of Flink reads of a graph, in words. */
    private static List<String> shapeOf(DefaultExecutionGraph graph) {
        List<String> shape = new ArrayList<>();
        for (ExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            shape.add(vertex.getName() + " has " + vertex.getParallelism());
            shape.add("and in the job graph " + vertex.getJobVertex().getParallelism());
            for (IntermediateResult result : vertex.getProducedDataSets()) {
                shape.add(
                        String.format(
                                "result %s: %d producers, %d partitions",
                                result.getId(),
                                result.numParallelProducers,
                                result.getPartitions().length));
                for (IntermediateResultPartition partition : result.getPartitions()) {
                    shape.add(describe(graph, partition));
                }
            }
            for (ExecutionVertex subtask : vertex.getTaskVertices()) {
                shape.add(describe(vertex, subtask));
            }
        }
        shape.add("registered partitions " + graph.resultPartitionsById.size());
        describeTopology(graph.getSchedulingTopology(), shape);
        return shape;
    }

    private static String describe(
            DefaultExecutionGraph graph, IntermediateResultPartition partition) {
        return String.format(
                "partition %s of subtask %s: %d subpartitions, read by %s, found %b",
                partition.getPartitionId(),
                partition.getProducer().getID(),
                partition.getNumberOfSubpartitions(),
                partition.getConsumerVertexGroups().stream()
                        .map(group -> texts(group))
                        .sorted()
                        .toList(),
                graph.getResultPartitionOrThrow(partition.getPartitionId()) == partition);
    }

    private static String describe(ExecutionJobVertex vertex, ExecutionVertex subtask) {
        Map<String, String> inputs = new TreeMap<>();
        for (IntermediateResult input : vertex.getInputs()) {
            inputs.put(
                    input.getId().toString(),
                    subtask.getExecutionVertexInputInfo(input.getId())
                            .getConsumedSubpartitionGroups()
                            .toString());
        }
        return String.format(
                "subtask %s: reads %s by %s, produces %s",
                subtask.getID(),
                subtask.getAllConsumedPartitionGroups().stream()
                        .map(ExecutionGraphResizerTest::describe)
                        .sorted()
                        .toList(),
                inputs,
                subtask.getProducedPartitions().keySet());
    }

    private static String describe(ConsumedPartitionGroup group) {
        return texts(group)
                + " for "
                + texts(group.getConsumerVertexGroup())
                + " unfinished "
                + group.getNumberOfUnfinishedPartitions();
    }

    private static void describeTopology(SchedulingTopology topology, List<String> shape) {
        for (SchedulingExecutionVertex vertex : topology.getVertices()) {
            shape.add(
                    String.format(
                            "in the topology %s: reads %s, produces %s",
                            vertex.getId(),
                            vertex.getConsumedPartitionGroups().stream()
                                    .map(ExecutionGraphResizerTest::describe)
                                    .sorted()
                                    .toList(),
                            texts(
                                    StreamSupport.stream(
                                                    vertex.getProducedResults().spliterator(),
                                                    false)
                                            .map(result -> result.getId())
                                            .toList())));
        }
        List<String> regions = new ArrayList<>();
        for (SchedulingPipelinedRegion region : topology.getAllPipelinedRegions()) {
            List<String> members = new ArrayList<>();
            region.getVertices().forEach(member -> members.add(member.getId().toString()));
            members.sort(null);
            regions.add("region " + members);
        }
        regions.sort(null);
        shape.addAll(regions);
    }

    private static String texts(Iterable<?> things) {
        return StreamSupport.stream(things.spliterator(), false)
                .map(Object::toString)
                .sorted()
                .toList()
                .toString();
    }
}
