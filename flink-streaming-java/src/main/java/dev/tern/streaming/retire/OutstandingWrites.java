package dev.tern.streaming.retire;

import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.operators.AbstractUdfStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.runtime.operators.sink.CommitterOperator;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperator;
import org.apache.flink.streaming.runtime.tasks.StreamOperatorWrapper;
import org.apache.flink.streaming.runtime.tasks.StreamTask;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a subtask owes to the outside world before it may end.
 *
 * <p>What its sink has written since the last checkpoint is in an open transaction or a buffer; what
 * the last checkpoints have prepared may not be committed yet. So it takes part in one more
 * checkpoint, whose committables are the last ones, and ends when that is complete and everything
 * is committed. Task mailbox thread.
 */
public final class OutstandingWrites {

    private final StreamTask<?, ?> task;
    private final List<StreamOperator<?>> operators = new ArrayList<>();

    public OutstandingWrites(StreamTask<?, ?> task) {
        this.task = task;
        for (StreamOperatorWrapper<?, ?> wrapper : task.operatorChain.getAllOperators()) {
            operators.add(wrapper.getStreamOperator());
        }
    }

    /** Whether something here acts at checkpoints on more than Flink's own state. */
    public boolean needsCheckpoint() {
        return operators.stream().anyMatch(OutstandingWrites::actsAtCheckpoints);
    }

    static boolean actsAtCheckpoints(StreamOperator<?> operator) {
        if (operator instanceof SinkWriterOperator || operator instanceof CommitterOperator) {
            return true;
        }
        return operator instanceof AbstractUdfStreamOperator<?, ?> udf
                && (udf.getUserFunction() instanceof CheckpointedFunction
                        || udf.getUserFunction() instanceof CheckpointListener);
    }

    /**
     * No record will come any more: sinks write out what they hold, now and, for what needs to be
     * committed, with the next checkpoint.
     */
    public void seal() throws IOException, InterruptedException {
        for (StreamOperator<?> operator : operators) {
            if (operator instanceof SinkWriterOperator<?, ?> writer) {
                seal(writer);
            }
        }
    }

    private static <T> void seal(SinkWriterOperator<T, ?> operator)
            throws IOException, InterruptedException {
        operator.sinkWriter = SealedWriter.seal(operator.sinkWriter);
        operator.sinkWriter.flush(true);
    }

    /**
     * Whether a checkpoint after the given one is complete, has been told to the operators, and has
     * left nothing to commit.
     */
    public boolean hasCommitted(long afterCheckpoint) {
        return task.latestReportCheckpointId > afterCheckpoint
                && operators.stream()
                        .filter(CommitterOperator.class::isInstance)
                        .allMatch(
                                committer ->
                                        ((CommitterOperator<?>) committer)
                                                .committableCollector.isFinished());
    }
}
