package dev.tern.rescale.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.coordinate.PointwiseGroup.Size;

import org.apache.flink.runtime.io.network.partition.ResultPartitionType;
import org.apache.flink.runtime.jobgraph.DistributionPattern;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.jobgraph.JobVertex;

import org.junit.jupiter.api.Test;

import java.util.List;

class PointwiseGroupTest {

    private final JobVertex source = new JobVertex("source");
    private final JobVertex head = new JobVertex("head");
    private final JobVertex follower = new JobVertex("follower");
    private final JobVertex sink = new JobVertex("sink");
    private final JobVertex other = new JobVertex("other");

    @Test
    void pointwiseEdgesConnectInBothDirectionsAndOverSeveralVertices() {
        connect(source, head, DistributionPattern.ALL_TO_ALL, "HASH");
        connect(head, follower, DistributionPattern.POINTWISE, "FORWARD");
        connect(follower, sink, DistributionPattern.POINTWISE, "RESCALE");
        connect(head, other, DistributionPattern.ALL_TO_ALL, "REBALANCE");
        assertThat(PointwiseGroup.of(sink))
                .containsExactly(sink.getID(), follower.getID(), head.getID());
        assertThat(PointwiseGroup.of(head))
                .containsExactlyInAnyOrder(sink.getID(), follower.getID(), head.getID());
        assertThat(PointwiseGroup.of(source)).containsExactly(source.getID());
        assertThat(PointwiseGroup.of(other)).containsExactly(other.getID());
    }

    @Test
    void twoHeadsOfOneFollowerAreOneGroup() {
        connect(head, follower, DistributionPattern.POINTWISE, "FORWARD");
        connect(other, follower, DistributionPattern.POINTWISE, "FORWARD");
        assertThat(PointwiseGroup.of(other))
                .containsExactlyInAnyOrder(head.getID(), other.getID(), follower.getID());
    }

    @Test
    void inputsSayHowRecordsFindTheirSubtask() {
        connect(source, head, DistributionPattern.ALL_TO_ALL, "HASH");
        connect(head, follower, DistributionPattern.POINTWISE, "FORWARD");
        connect(head, other, DistributionPattern.ALL_TO_ALL, "REBALANCE");
        connect(source, other, DistributionPattern.ALL_TO_ALL, "SHUFFLE");
        connect(head, sink, DistributionPattern.POINTWISE, "FORWARD");
        connect(source, sink, DistributionPattern.ALL_TO_ALL, "REBALANCE");
        assertThat(Routing.of(source)).isEqualTo(Routing.BY_KEY);
        assertThat(Routing.of(head)).isEqualTo(Routing.BY_KEY);
        assertThat(Routing.of(follower)).isEqualTo(Routing.FOLLOWING);
        assertThat(Routing.of(other)).isEqualTo(Routing.SPREAD);
        assertThat(Routing.of(sink)).isEqualTo(Routing.BY_KEY);
    }

    @Test
    void aGroupHasOneParallelism() {
        assertThat(PointwiseGroup.torn(List.of(new Size("A", 4), new Size("B", 4)))).isEmpty();
        assertThat(PointwiseGroup.torn(List.of(new Size("A", 4), new Size("B", 2))))
                .hasValue(
                        "Vertices that pointwise edges connect can only be rescaled together while"
                                + " they run, to one parallelism, and wanted are 4 of \"A\", 2 of"
                                + " \"B\".");
    }

    private static void connect(
            JobVertex from, JobVertex to, DistributionPattern pattern, String strategy) {
        to.connectNewDataSetAsInput(
                        from,
                        pattern,
                        ResultPartitionType.PIPELINED_BOUNDED,
                        new IntermediateDataSetID(),
                        false,
                        false)
                .setShipStrategyName(strategy);
    }
}
