package dev.tern.streaming.state;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A real keyed operator on a real backend, the heap unless told otherwise, as subtask of a vertex:
 * records are (key, number).
 */
final class HarnessSubtask implements AutoCloseable {

    static final int MAX_PARALLELISM = 16;

    /** The same for all subtasks; the harness would draw one at random. */
    static final OperatorID OPERATOR_ID = new OperatorID(1, 2);

    private static final KeySelector<Tuple2<Integer, Long>, Integer> KEY = record -> record.f0;

    private static Supplier<StateBackend> backends = HashMapStateBackend::new;

    final KeyedOneInputStreamOperatorTestHarness<Integer, Tuple2<Integer, Long>, String> harness;
    private final OneInputStreamOperator<Tuple2<Integer, Long>, String> operator;

    private HarnessSubtask(
            OneInputStreamOperator<Tuple2<Integer, Long>, String> operator,
            OperatorID operatorId,
            int maxParallelism,
            int parallelism,
            int index)
            throws Exception {
        this.operator = operator;
        this.harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        operator, KEY, Types.INT, maxParallelism, parallelism, index);
        harness.getStreamConfig().setOperatorID(operatorId);
        harness.getStreamConfig().setOperatorName("keyed");
        harness.getStreamConfig().serializeAllConfigs();
    }

    /** From now on subtasks keep their state in such a backend; the heap without this call. */
    static void useBackend(Supplier<StateBackend> supplier) {
        backends = supplier;
    }

    /** A fresh subtask that owns Flink's own range. */
    static HarnessSubtask open(
            OneInputStreamOperator<Tuple2<Integer, Long>, String> operator,
            int parallelism,
            int index)
            throws Exception {
        return open(operator, OPERATOR_ID, parallelism, index);
    }

    static HarnessSubtask open(
            OneInputStreamOperator<Tuple2<Integer, Long>, String> operator,
            OperatorID operatorId,
            int parallelism,
            int index)
            throws Exception {
        HarnessSubtask subtask =
                new HarnessSubtask(operator, operatorId, MAX_PARALLELISM, parallelism, index);
        subtask.harness.setStateBackend(backends.get());
        subtask.harness.setup();
        subtask.harness.open();
        return subtask;
    }

    /** The only subtask, on another backend. */
    static HarnessSubtask open(
            OneInputStreamOperator<Tuple2<Integer, Long>, String> operator, StateBackend backend)
            throws Exception {
        HarnessSubtask subtask =
                new HarnessSubtask(operator, OPERATOR_ID, MAX_PARALLELISM, 1, 0);
        subtask.harness.setStateBackend(backend);
        subtask.harness.setup();
        subtask.harness.open();
        return subtask;
    }

    /** The operators of several harnesses as if they were one chain. */
    static TaskKeyedState chain(HarnessSubtask head, HarnessSubtask tail) {
        return TaskKeyedState.of(List.of(head.operator, tail.operator), TaskTraits.PLAIN);
    }

    static HarnessSubtask restore(
            OneInputStreamOperator<Tuple2<Integer, Long>, String> operator,
            int parallelism,
            int index,
            OperatorSubtaskState snapshot)
            throws Exception {
        return restore(operator, MAX_PARALLELISM, parallelism, index, snapshot);
    }

    /**
     * @param snapshot null for a fresh one
     */
    static HarnessSubtask restore(
            OneInputStreamOperator<Tuple2<Integer, Long>, String> operator,
            int maxParallelism,
            int parallelism,
            int index,
            OperatorSubtaskState snapshot)
            throws Exception {
        HarnessSubtask subtask =
                new HarnessSubtask(operator, OPERATOR_ID, maxParallelism, parallelism, index);
        subtask.harness.setStateBackend(backends.get());
        subtask.harness.setup();
        if (snapshot != null) {
            subtask.harness.initializeState(snapshot);
        }
        subtask.harness.open();
        return subtask;
    }

    TaskKeyedState state() {
        return TaskKeyedState.of(List.of(operator), TaskTraits.PLAIN);
    }

    AbstractKeyedStateBackend<?> backend() {
        return OperatorInspection.keyed(operator).orElseThrow().backend();
    }

    /** Gives room for every key group. */
    HarnessSubtask widen() {
        state().rebase(KeyGroupRange.of(0, backend().getNumberOfKeyGroups() - 1));
        return this;
    }

    void send(int key, long number) throws Exception {
        send(key, number, 0L);
    }

    void send(int key, long number, long timestamp) throws Exception {
        harness.processElement(new StreamRecord<>(Tuple2.of(key, number), timestamp));
    }

    void watermark(long timestamp) throws Exception {
        harness.processWatermark(new Watermark(timestamp));
    }

    /** What was emitted since the last call, without watermarks. */
    List<String> output() {
        List<String> values = new ArrayList<>(harness.extractOutputValues());
        harness.getOutput().clear();
        return values;
    }

    /** Some key of a key group, the same one for the same number. */
    static int keyOf(int keyGroup, int number) {
        return keyOf(keyGroup, number, MAX_PARALLELISM);
    }

    static int keyOf(int keyGroup, int number, int maxParallelism) {
        int found = 0;
        for (int key = 0; ; key++) {
            if (KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism) == keyGroup
                    && found++ == number) {
                return key;
            }
        }
    }

    static int keyGroupOf(int key) {
        return KeyGroupRangeAssignment.assignToKeyGroup(key, MAX_PARALLELISM);
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }
}
