package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperator;
import org.apache.flink.streaming.api.operators.sorted.state.BatchExecutionStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.Collector;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What cannot move is named, with operator and reason; what can is let through. */
class ObstaclesTest {

    @Test
    void aPlainKeyedOperatorHasNone() throws Exception {
        try (HarnessSubtask subtask = HarnessSubtask.open(AllStatesFunction.operator(), 2, 0)) {
            subtask.send(1, 1);
            assertThat(subtask.state().obstacles(false)).isEmpty();
            assertThat(subtask.state().obstacles(true)).isEmpty();
        }
    }

    @Test
    void stateWithATimeToLiveIsNoObstacle() throws Exception {
        try (HarnessSubtask subtask = HarnessSubtask.open(TtlFunction.operator(), 2, 0)) {
            subtask.send(1, 1);
            assertThat(subtask.state().obstacles(true)).isEmpty();
        }
    }

    @Test
    void generalizedWatermarksAreNamed() {
        TaskTraits traits = new TaskTraits(true, false, true, List.of());
        assertThat(TaskKeyedState.of(List.<StreamOperator<?>>of(), traits).obstacles(false))
                .singleElement()
                .asString()
                .contains("generalized watermarks");
    }

    @Test
    void aBackendThatNoMoverKnowsIsNamed() throws Exception {
        try (HarnessSubtask subtask =
                HarnessSubtask.open(
                        AllStatesFunction.operator(), new EmbeddedRocksDBStateBackend())) {
            assertThat(subtask.state().isKeyed()).isTrue();
            assertThat(subtask.state().obstacles(false))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "Operator keyed (KeyedProcessOperator) keeps its keyed state in"
                                + " RocksDB")
                    .contains("does not move live");
        }
        try (HarnessSubtask subtask =
                HarnessSubtask.open(
                        new KeyedProcessOperator<>(new LateListFunction()),
                        new BatchExecutionStateBackend())) {
            assertThat(subtask.state().isKeyed()).isTrue();
            assertThat(subtask.state().obstacles(false))
                    .singleElement()
                    .asString()
                    .contains("BatchExecutionKeyedStateBackend");
        }
    }

    @Test
    void aKeyedOperatorThatFlushesBeforeSnapshotsIsNone() throws Exception {
        assertThat(obstacles(new BundlingOperator(), false)).isEmpty();
        assertThat(obstacles(new BundlingOperator(), true)).isEmpty();
    }

    @Test
    void aStrangerThatFlushesBeforeSnapshotsIsNamedForRetiringSubtasksOnly() {
        OperatorTraits bundling = OperatorTraits.of(new BundlingOperator());
        assertThat(bundling.keyed()).isFalse();
        assertThat(BufferingOperators.reason(bundling, false)).isEmpty();
        assertThat(BufferingOperators.reason(bundling, true))
                .hasValueSatisfying(
                        why -> assertThat(why.text()).contains("gives away only at a checkpoint"));
    }

    @Test
    void rawKeyedStateIsNamed() throws Exception {
        assertThat(obstacles(new RawStateOperator(), false))
                .singleElement()
                .asString()
                .contains("writes raw keyed state");
    }

    @Test
    void operatorsOfFlinkThatHoldRecordsAreKnownByName() {
        assertThat(AsyncWaitOperator.class.getName())
                .isEqualTo("org.apache.flink.streaming.api.operators.async.AsyncWaitOperator");
        for (String name : BufferingOperators.knownClasses()) {
            assertThat(name).satisfies(Class::forName);
        }
    }

    @Test
    void anInputWithoutKeysIsNamed() {
        TaskTraits traits = new TaskTraits(false, false, true, List.of(1));
        assertThat(TaskKeyedState.of(List.<StreamOperator<?>>of(), traits).obstacles(false))
                .singleElement()
                .asString()
                .startsWith("Input 1 is neither keyed nor broadcast");
    }

    @Test
    void unionStateIsNamedAndBroadcastStateWithoutABroadcastInput() throws Exception {
        assertThat(obstacles(new StateRegisteringOperator(Kind.UNION), false))
                .singleElement()
                .asString()
                .contains("union list state 'operator-state', which a new subtask would miss");
        assertThat(obstacles(new StateRegisteringOperator(Kind.BROADCAST), false))
                .singleElement()
                .asString()
                .contains("broadcast state 'operator-state' but no broadcast input");
    }

    @Test
    void listStateIsNamedForRetiringSubtasksOnlyAndOnlyIfThereIsAny() throws Exception {
        assertThat(obstacles(new StateRegisteringOperator(Kind.EMPTY_LIST), true)).isEmpty();
        assertThat(obstacles(new StateRegisteringOperator(Kind.LIST), false)).isEmpty();
        assertThat(obstacles(new StateRegisteringOperator(Kind.LIST), true))
                .singleElement()
                .asString()
                .contains("list state 'operator-state', which would be lost");
    }

    @Test
    void aFunctionThatFillsItsListAtCheckpointsIsNamedForRetiringSubtasks() throws Exception {
        assertThat(obstacles(new KeyedProcessOperator<>(new LateListFunction()), false)).isEmpty();
        assertThat(obstacles(new KeyedProcessOperator<>(new LateListFunction()), true))
                .singleElement()
                .asString()
                .contains("fills list state 'late' at checkpoints");
    }

    private static List<String> obstacles(
            OneInputStreamOperator<Tuple2<Integer, Long>, String> operator, boolean retiring)
            throws Exception {
        try (HarnessSubtask subtask = HarnessSubtask.open(operator, 2, 0)) {
            return subtask.state().obstacles(retiring);
        }
    }

    private abstract static class QuietOperator extends AbstractStreamOperator<String>
            implements OneInputStreamOperator<Tuple2<Integer, Long>, String> {

        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(StreamRecord<Tuple2<Integer, Long>> element) {}
    }

    private static final class BundlingOperator extends QuietOperator {

        private static final long serialVersionUID = 1L;

        @Override
        public void prepareSnapshotPreBarrier(long checkpointId) {}
    }

    private static final class RawStateOperator extends QuietOperator {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean isUsingCustomRawKeyedState() {
            return true;
        }
    }

    private enum Kind {
        UNION,
        BROADCAST,
        EMPTY_LIST,
        LIST
    }

    private static final class StateRegisteringOperator extends QuietOperator {

        private static final long serialVersionUID = 1L;
        private static final String NAME = "operator-state";

        private final Kind kind;

        private StateRegisteringOperator(Kind kind) {
            this.kind = kind;
        }

        @Override
        public void open() throws Exception {
            super.open();
            ListStateDescriptor<Long> list = new ListStateDescriptor<>(NAME, Types.LONG);
            switch (kind) {
                case UNION -> getOperatorStateBackend().getUnionListState(list);
                case BROADCAST ->
                        getOperatorStateBackend()
                                .getBroadcastState(
                                        new MapStateDescriptor<>(NAME, Types.LONG, Types.LONG));
                case EMPTY_LIST -> getOperatorStateBackend().getListState(list);
                case LIST -> getOperatorStateBackend().getListState(list).add(1L);
            }
        }
    }

    private static final class LateListFunction
            extends KeyedProcessFunction<Integer, Tuple2<Integer, Long>, String>
            implements CheckpointedFunction {

        private static final long serialVersionUID = 1L;

        private transient ListState<Long> list;

        @Override
        public void open(OpenContext context) {}

        @Override
        public void processElement(
                Tuple2<Integer, Long> record, Context context, Collector<String> out) {}

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            list =
                    context.getOperatorStateStore()
                            .getListState(new ListStateDescriptor<>("late", Types.LONG));
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) throws Exception {
            list.add(1L);
        }
    }
}
