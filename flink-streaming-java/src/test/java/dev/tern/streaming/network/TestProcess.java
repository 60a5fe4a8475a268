package dev.tern.streaming.network;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.io.network.NettyShuffleEnvironment;
import org.apache.flink.runtime.io.network.NettyShuffleEnvironmentBuilder;
import org.apache.flink.runtime.io.network.TaskEventDispatcher;
import org.apache.flink.runtime.io.network.metrics.InputChannelMetrics;
import org.apache.flink.runtime.io.network.netty.NettyConfig;
import org.apache.flink.runtime.io.network.partition.PipelinedResultPartition;
import org.apache.flink.runtime.io.network.partition.ResultPartitionBuilder;
import org.apache.flink.runtime.io.network.partition.ResultPartitionID;
import org.apache.flink.runtime.io.network.partition.ResultPartitionType;
import org.apache.flink.runtime.io.network.partition.consumer.SingleInputGateFactory;
import org.apache.flink.runtime.shuffle.NettyShuffleDescriptor;
import org.apache.flink.runtime.taskmanager.NettyShuffleEnvironmentConfiguration;
import org.apache.flink.runtime.util.NettyShuffleDescriptorBuilder;

import java.net.InetAddress;

import static org.assertj.core.api.Assertions.assertThat;

/** The network stack of one TaskExecutor: buffers, partitions and a Netty server of its own. */
final class TestProcess implements AutoCloseable {

    static final int BUFFER_BYTES = 512;
    static final int EXCLUSIVE = 2;
    static final int FLOATING = 8;

    final ResourceID id = ResourceID.generate();
    final NettyShuffleEnvironment shuffle;
    final SingleInputGateFactory gateFactory;
    final InputChannelMetrics metrics = 
            new InputChannelMetrics(new UnregisteredMetricsGroup());
    private final InetAddress address = InetAddress.getLoopbackAddress();
    private final int port;

    TestProcess(int buffers) throws Exception {
        NettyConfig netty = new NettyConfig(address, 0, BUFFER_BYTES, 1, new Configuration());
        shuffle =
                new NettyShuffleEnvironmentBuilder()
                        .setTaskManagerLocation(id)
                        .setNumNetworkBuffers(buffers)
                        .setBufferSize(BUFFER_BYTES)
                        .setNetworkBuffersPerChannel(EXCLUSIVE)
                        .setFloatingNetworkBuffersPerGate(FLOATING)
                        .setNettyConfig(netty)
                        .build();
        port = shuffle.start();
        gateFactory =
                new SingleInputGateFactory(
                        id,
                        NettyShuffleEnvironmentConfiguration.fromConfiguration(
                                new Configuration(), MemorySize.ofMebiBytes(1), false, address),
                        shuffle.getConnectionManager(),
                        shuffle.getResultPartitionManager(),
                        new TaskEventDispatcher(),
                        shuffle.getNetworkBufferPool(),
                        null,
                        null);
    }

    PipelinedResultPartition partition(ResultPartitionID partition, int subpartitions)
            throws Exception {
        PipelinedResultPartition created =
                (PipelinedResultPartition)
                        new ResultPartitionBuilder()
                                .setResultPartitionId(partition)
                                .setResultPartitionType(ResultPartitionType.PIPELINED_BOUNDED)
                                .setNumberOfSubpartitions(subpartitions)
                                .setNumTargetKeyGroups(TestProducer.KEY_GROUPS)
                                .setupBufferPoolFactoryFromNettyShuffleEnvironment(shuffle)
                                .setResultPartitionManager(shuffle.getResultPartitionManager())
                                .build();
        created.setup();
        return created;
    }

    NettyShuffleDescriptor descriptor(ResultPartitionID partition) {
        return NettyShuffleDescriptorBuilder.newBuilder()
                .setId(partition)
                .setProducerLocation(id)
                .setAddress(address)
                .setDataPort(port)
                .buildRemote();
    }

    int usedBuffers() {
        return shuffle.getNetworkBufferPool().getNumberOfUsedMemorySegments();
    }

    /** Netty hands buffers back on threads of its own, a moment after the last reader has left. */
    void awaitAllBuffersReturned() {
        TestLoop.eventually("all network buffers are back", () -> usedBuffers() == 0);
        assertThat(shuffle.getNetworkBufferPool().getNumberOfRegisteredBufferPools()).isZero();
        assertThat(shuffle.getResultPartitionManager().getUnreleasedPartitions()).isEmpty();
    }

    @Override
    public void close() {
        shuffle.close();
    }
}
