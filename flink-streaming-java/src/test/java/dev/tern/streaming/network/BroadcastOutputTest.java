package dev.tern.streaming.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.runtime.io.network.api.StopMode;
import org.apache.flink.runtime.io.network.api.writer.BroadcastRecordWriter;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A producer that broadcasts without a pause while consumers come and go. */
@Timeout(120)
class BroadcastOutputTest {

    private final IntermediateDataSetID result = new IntermediateDataSetID();
    private final List<TestConsumer> consumers = new ArrayList<>();
    private TestProducer producer;
    private TestProcess producing;
    private TestProcess consuming;
    private int epoch;

    @AfterEach
    void closeProcesses() {
        producing.close();
        consuming.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void newConsumersGetWhatFollowsTheMarkerAndRetiringOnesWhatPrecedesIt(boolean remote)
            throws Exception {
        producing = new TestProcess(200);
        consuming = remote ? new TestProcess(200) : producing;
        producer = TestProducer.broadcasting(producing, result, 0, 2);
        connectUpTo(2);
        producer.start();
        producer.awaitMore(2_000);

        producer.call(
                () -> {
                    producer.output.grow(4);
                    return null;
                });
        producer.awaitMore(2_000);
        connectUpTo(4);
        producer.call(
                () -> {
                    producer.output.prime();
                    return null;
                });
        producer.awaitMore(2_000);
        TestConsumer added = consumers.get(3);
        added.await("time to reach it", () -> !added.output.watermarks().isEmpty());
        assertThat(added.records()).as("before the marker").isEmpty();
        int grown = (int) switchTo(4);
        assertThat(producer.call(() -> producer.stream.recordWriter))
                .as("as cheap as before")
                .isInstanceOf(BroadcastRecordWriter.class);
        producer.awaitMore(2_000);

        int shrunk = (int) switchTo(3);
        producer.awaitMore(2_000);
        List<Long> retired = added.records();
        added.close();
        consumers.remove(added);
        producer.await("the reader has left", () -> producer.output.isConsumed(3));
        producer.call(
                () -> {
                    producer.output.shrink(3);
                    return null;
                });
        assertThat(producer.call(() -> producer.stream.recordWriter))
                .isInstanceOf(BroadcastRecordWriter.class);
        producer.awaitMore(2_000);

        producer.endData(StopMode.DRAIN);
        producer.finish();
        for (TestConsumer consumer : consumers) {
            consumer.awaitEnd();
        }
        List<Long> all = consumers.get(0).records();
        assertThat(all).hasSize((int) producer.emitted()).doesNotHaveDuplicates();
        assertThat(consumers.get(1).records()).isEqualTo(all);
        assertThat(consumers.get(2).records()).isEqualTo(all.subList(grown, all.size()));
        assertThat(retired).isEqualTo(all.subList(grown, shrunk));
        for (TestConsumer consumer : consumers) {
            consumer.close();
        }
        producer.close();
        producing.awaitAllBuffersReturned();
        consuming.awaitAllBuffersReturned();
    }

    private void connectUpTo(int subtasks) throws Exception {
        for (int i = consumers.size(); i < subtasks; i++) {
            consumers.add(new TestConsumer(consuming, i, Map.of(result, List.of(producer))));
        }
    }

    /** Marks the switch; returns how many records came before it. */
    private long switchTo(int subtasks) throws Exception {
        int marker = ++epoch;
        long before =
                producer.call(
                        () -> {
                            producer.output.setRoutes(new int[TestProducer.KEY_GROUPS], subtasks);
                            producer.output.broadcastMarker(new TestMarker(marker));
                            producer.output.limitBroadcasts(subtasks);
                            return producer.emitted();
                        });
        for (TestConsumer consumer : consumers) {
            consumer.awaitMarkers(marker, 1);
        }
        return before;
    }
}
