package dev.tern.streaming.network;

import org.apache.flink.runtime.io.network.api.StopMode;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.shuffle.ShuffleDescriptor;
import org.apache.flink.streaming.runtime.io.DataInputStatus;
import org.apache.flink.streaming.runtime.io.checkpointing.UpstreamRecoveryTrackerImpl;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What waits for the recovery of producers must not wait in vain: a consumer that was itself added
 * to the running job, and one whose producers are still recovering, take late producers.
 */
@Timeout(120)
class LateTaskTest {

    private final IntermediateDataSetID result = new IntermediateDataSetID();
    private final List<TestProducer> producers = new ArrayList<>();
    private final List<TestConsumer> consumers = new ArrayList<>();
    private TestProcess producing;
    private TestProcess consuming;

    @BeforeEach
    void openProcesses() throws Exception {
        producing = new TestProcess(400);
        consuming = new TestProcess(400);
    }

    @AfterEach
    void closeProcesses() {
        producing.close();
        consuming.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConsumerThatCameLateTakesLateProducers(boolean remote) throws Exception {
        produce(2, 1);
        consume(remote, 0);
        start();
        moreRecords();
        for (TestProducer producer : producers) {
            producer.call(
                    () -> {
                        producer.output.grow(2);
                        return null;
                    });
        }
        consume(remote, 1);
        for (TestProducer producer : producers) {
            producer.call(
                    () -> {
                        producer.output.prime();
                        producer.output.restoreContiguous(2);
                        return null;
                    });
        }
        moreRecords();

        produceLate(2, 2);
        start();
        moreRecords();
        produceLate(1, 2);
        start();
        moreRecords();
        end();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConsumerOfRecoveringProducersTakesLateOnes(boolean remote) throws Exception {
        producers.add(new TestProducer(producing, result, 0, 1));
        TestProducer recovering = new TestProducer(producing, result, 1, 1, 1, false);
        producers.add(recovering);
        consume(remote, 0);
        producers.get(0).start();
        TestConsumer consumer = consumers.get(0);
        UpstreamRecoveryTrackerImpl tracker =
                (UpstreamRecoveryTrackerImpl)
                        consumer.input.checkpointedInputGate.upstreamRecoveryTracker;
        consumer.await("one producer has recovered", () -> tracker.restoredChannels.size() == 1);

        produceLate(1, 1);
        recovering.call(
                () -> {
                    recovering.partition.finishReadRecoveredState(true);
                    return null;
                });
        start();
        moreRecords();
        end();
    }

    private void produce(int count, int subpartitions) throws Exception {
        for (int i = 0; i < count; i++) {
            producers.add(new TestProducer(producing, result, producers.size(), subpartitions));
        }
    }

    private void produceLate(int count, int subpartitions) throws Exception {
        int before = producers.size();
        produce(count, subpartitions);
        List<ShuffleDescriptor> late = new ArrayList<>();
        for (TestProducer producer : producers.subList(before, producers.size())) {
            late.add(producer.descriptor());
        }
        for (int i = 0; i < consumers.size(); i++) {
            int subpartition = i;
            TestConsumer consumer = consumers.get(i);
            consumer.call(() -> consumer.resizer.grow(result, subpartition, late));
        }
    }

    private void consume(boolean remote, int subpartition) throws Exception {
        consumers.add(
                new TestConsumer(
                        remote ? consuming : producing, subpartition, Map.of(result, producers)));
    }

    private void start() throws Exception {
        for (TestProducer producer : producers) {
            producer.start();
        }
    }

    private void moreRecords() throws Exception {
        for (TestProducer producer : producers) {
            producer.awaitMore(2_000);
        }
    }

    private void end() throws Exception {
        for (TestProducer producer : producers) {
            producer.endData(StopMode.DRAIN);
        }
        for (TestProducer producer : producers) {
            producer.finish();
        }
        Tally tally = new Tally();
        for (TestConsumer consumer : consumers) {
            consumer.awaitEnd();
            assertThat(consumer.endings)
                    .containsExactly(DataInputStatus.END_OF_DATA, DataInputStatus.END_OF_INPUT);
            tally.add(consumer.records());
            consumer.close();
        }
        for (TestProducer producer : producers) {
            tally.verify(producer.number(), producer.emittedPerKey());
            producer.close();
        }
        producing.awaitAllBuffersReturned();
        consuming.awaitAllBuffersReturned();
    }
}
