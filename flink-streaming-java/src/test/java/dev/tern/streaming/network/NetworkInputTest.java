package dev.tern.streaming.network;

import org.apache.flink.runtime.checkpoint.channel.ChannelStateWriter;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.streaming.runtime.io.MultipleInputSelectionHandler;
import org.apache.flink.streaming.runtime.io.StreamInputProcessor;
import org.apache.flink.streaming.runtime.io.StreamMultipleInputProcessor;
import org.apache.flink.streaming.runtime.io.StreamOneInputProcessor;
import org.apache.flink.streaming.runtime.io.checkpointing.CheckpointBarrierHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Finds the gate of a result in tasks of one and of several inputs. */
class NetworkInputTest {

    private final IntermediateDataSetID left = new IntermediateDataSetID();
    private final IntermediateDataSetID middle = new IntermediateDataSetID();
    private final IntermediateDataSetID right = new IntermediateDataSetID();
    private final List<TestProducer> producers = new ArrayList<>();
    private TestProcess process;
    private TestConsumer single;
    private TestConsumer union;

    @BeforeEach
    void open() throws Exception {
        process = new TestProcess(100);
        single = new TestConsumer(process, 0, Map.of(left, List.of(producer(left))));
        Map<IntermediateDataSetID, List<TestProducer>> united = new LinkedHashMap<>();
        united.put(middle, List.of(producer(middle)));
        united.put(right, List.of(producer(right)));
        union = new TestConsumer(process, 0, united);
    }

    @AfterEach
    void close() throws Exception {
        single.close();
        union.close();
        for (TestProducer producer : producers) {
            producer.cancel();
        }
        process.awaitAllBuffersReturned();
        process.close();
    }

    @Test
    void findsTheGateOfATaskWithOneInput() {
        assertThat(NetworkInput.locate(task(single.processor), left).gate())
                .isSameAs(single.gates.get(0));
    }

    @Test
    void findsEachGateOfATaskWithSeveralInputs() {
        TaskInputs task = task(both());

        assertThat(NetworkInput.locate(task, left).gate()).isSameAs(single.gates.get(0));
        assertThat(NetworkInput.locate(task, middle).gate()).isSameAs(union.gates.get(0));
        assertThat(NetworkInput.locate(task, right).gate()).isSameAs(union.gates.get(1));
        assertThat(NetworkInput.all(task)).hasSize(3);
    }

    @Test
    void growsTheRightInputOfSeveral() throws Exception {
        InputResizer resizer = new InputResizer(task(both()), new LateChannels());
        TestProducer late = producer(right);

        List<InputChannelInfo> added =
                union.call(() -> resizer.grow(right, 0, List.of(late.descriptor())));

        assertThat(added).containsExactly(new InputChannelInfo(1, 1));
        assertThat(resizer.channels(right)).isEqualTo(2);
        assertThat(resizer.channels(middle)).isEqualTo(1);
        assertThat(resizer.channels(left)).isEqualTo(1);
        assertThat(single.channelsInOrder()).hasSize(1);
        assertThat(union.channelsInOrder()).hasSize(3);
    }

    @Test
    void namesAResultThatIsNotRead() {
        IntermediateDataSetID unknown = new IntermediateDataSetID();

        assertThatThrownBy(() -> NetworkInput.locate(task(both()), unknown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the task does not read result " + unknown);
    }

    @Test
    void namesAProcessorItDoesNotKnow() {
        assertThatThrownBy(() -> NetworkInput.locate(task(null), left))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("missing processor");
    }

    private StreamMultipleInputProcessor both() {
        return new StreamMultipleInputProcessor(
                new MultipleInputSelectionHandler(null, 2),
                new StreamOneInputProcessor<?>[] {single.processor, union.processor});
    }

    private TestProducer producer(IntermediateDataSetID result) throws Exception {
        long index =
                producers.stream().filter(known -> known.output.result().equals(result)).count();
        TestProducer producer =
                new TestProducer(process, result, (int) index, producers.size(), 1);
        producers.add(producer);
        return producer;
    }

    private TaskInputs task(StreamInputProcessor processor) {
        return new TaskInputs() {
            @Override
            public String name() {
                return "the task";
            }

            @Override
            public StreamInputProcessor processor() {
                return processor;
            }

            @Override
            public CheckpointBarrierHandler barrierHandler() {
                return union.barrierHandler;
            }

            @Override
            public ChannelStateWriter channelStateWriter() {
                return ChannelStateWriter.NO_OP;
            }

            @Override
            public String[] spillDirectories() {
                return new String[0];
            }
        };
    }
}
