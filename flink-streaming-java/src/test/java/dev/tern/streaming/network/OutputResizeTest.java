package dev.tern.streaming.network;

import org.apache.flink.runtime.io.network.api.StopMode;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.streaming.runtime.io.DataInputStatus;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two producers that write without a pause while the number of their consumers changes, over real
 * partitions, gates and connections.
 */
@Timeout(120)
class OutputResizeTest {

    private final IntermediateDataSetID result = new IntermediateDataSetID();
    private final Random random = new Random(7);
    private final List<TestProducer> producers = new ArrayList<>();
    private final List<TestConsumer> consumers = new ArrayList<>();
    private final Tally tally = new Tally();
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
    void nothingIsLostOrReorderedWhileConsumersComeAndGo(boolean remote) throws Exception {
        begin(remote, 2);

        growTo(4);
        moreRecords();
        shrinkTo(2);
        moreRecords();
        growTo(4);
        moreRecords();
        shrinkTo(1);
        moreRecords();
        growTo(5);
        moreRecords();
        shrinkTo(3);
        moreRecords();

        for (TestConsumer consumer : consumers) {
            List<Long> watermarks = consumer.call(consumer.output::watermarks);
            assertThat(watermarks).isSorted().doesNotHaveDuplicates().isNotEmpty();
        }
        end();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void growthIsUndoneBeforeAnybodyCame(boolean remote) throws Exception {
        begin(remote, 2);
        for (int round = 0; round < 5; round++) {
            moreRecords();
            atAll(
                    producer -> {
                        producer.output.grow(6);
                        return null;
                    });
            moreRecords();
            atAll(
                    producer -> {
                        assertThat(producer.output.isConsumed(2)).isTrue();
                        producer.output.shrink(2);
                        return null;
                    });
        }
        moreRecords();
        end();
    }

    private void begin(boolean remote, int subtasks) throws Exception {
        producing = new TestProcess(200);
        consuming = remote ? new TestProcess(200) : producing;
        for (int i = 0; i < 2; i++) {
            producers.add(new TestProducer(producing, result, i, subtasks));
        }
        for (int i = 0; i < subtasks; i++) {
            consumers.add(new TestConsumer(consuming, i, Map.of(result, producers)));
        }
        for (TestProducer producer : producers) {
            producer.start();
        }
    }

    private void growTo(int subtasks) throws Exception {
        atAll(
                producer -> {
                    producer.output.grow(subtasks);
                    return null;
                });
        for (int i = consumers.size(); i < subtasks; i++) {
            consumers.add(new TestConsumer(consuming, i, Map.of(result, producers)));
        }
        atAll(
                producer -> {
                    producer.output.prime();
                    return null;
                });
        moreRecords();
        route(subtasks, subtasks);
    }

    private void shrinkTo(int subtasks) throws Exception {
        route(subtasks, subtasks);
        while (consumers.size() > subtasks) {
            TestConsumer retiring = consumers.remove(consumers.size() - 1);
            tally.add(retiring.records());
            retiring.close();
        }
        for (TestProducer producer : producers) {
            producer.await(
                    "readers have left", () -> producer.output.isConsumed(subtasks));
            producer.call(
                    () -> {
                        producer.output.shrink(subtasks);
                        return null;
                    });
            assertThat(producer.partition.numberOfUsers).isEqualTo(subtasks + 1);
        }
    }

    /** New routes for the same producers, then a marker, seen by every consumer. */
    private void route(int owners, int broadcasts) throws Exception {
        int marker = ++epoch;
        int[] table = new int[TestProducer.KEY_GROUPS];
        for (int group = 0; group < table.length; group++) {
            table[group] = random.nextInt(owners);
        }
        atAll(
                producer -> {
                    producer.output.setRoutes(table, owners);
                    producer.output.broadcastMarker(new TestMarker(marker));
                    producer.output.limitBroadcasts(broadcasts);
                    return null;
                });
        for (TestConsumer consumer : consumers) {
            consumer.awaitMarkers(marker, producers.size());
        }
    }

    private void moreRecords() throws Exception {
        for (TestProducer producer : producers) {
            producer.awaitMore(2_000);
        }
    }

    private void end() throws Exception {
        atAll(
                producer -> {
                    producer.output.restoreContiguous(producer.output.subpartitions());
                    return null;
                });
        moreRecords();
        for (TestProducer producer : producers) {
            producer.endData(StopMode.DRAIN);
        }
        for (TestProducer producer : producers) {
            producer.finish();
        }
        for (TestConsumer consumer : consumers) {
            consumer.awaitEnd();
            assertThat(consumer.endings)
                    .containsExactly(DataInputStatus.END_OF_DATA, DataInputStatus.END_OF_INPUT);
            tally.add(consumer.records());
            consumer.close();
        }
        for (int i = 0; i < producers.size(); i++) {
            TestProducer producer = producers.get(i);
            tally.verify(i, producer.emittedPerKey());
            producer.close();
        }
        producing.awaitAllBuffersReturned();
        consuming.awaitAllBuffersReturned();
    }

    /** What to do at a producer, between two of its records. */
    private interface Command {
        Void at(TestProducer producer) throws Exception;
    }

    private void atAll(Command command) throws Exception {
        for (TestProducer producer : producers) {
            Callable<Void> call = () -> command.at(producer);
            producer.call(call);
        }
    }
}
