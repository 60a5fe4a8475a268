package dev.tern.rescale.checkpoint;

import org.apache.flink.runtime.checkpoint.CheckpointPlan;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.executiongraph.Execution;
import org.apache.flink.runtime.executiongraph.ExecutionJobVertex;
import org.apache.flink.runtime.executiongraph.ExecutionVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.util.FlinkRuntimeException;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint's plan that remembers who owned which key group when the checkpoint was triggered.
 * Ownership does not change until the checkpoint is over, since the gate keeps moves and
 * checkpoints apart. When all subtasks have reported, {@link #fulfillFinishedTaskStatus} is Flink's
 * last look at their states before it writes them: there they are filed.
 */
public final class FilingCheckpointPlan implements CheckpointPlan {

    private final CheckpointPlan plan;
    private final Map<OperatorID, int[]> owners;

    /**
     * @param plan the plan of Flink
     * @param owners for each operator of a vertex whose key groups are not spread as Flink would
     *     spread them: the owner, a subtask index, of each key group
     */
    public FilingCheckpointPlan(CheckpointPlan plan, Map<OperatorID, int[]> owners) {
        this.plan = plan;
        this.owners = Map.copyOf(owners);
    }

    /** Called while the checkpoint is finalized; a failure fails the checkpoint. */
    @Override
    public void fulfillFinishedTaskStatus(Map<OperatorID, OperatorState> operatorStates) {
        plan.fulfillFinishedTaskStatus(operatorStates);
        for (Map.Entry<OperatorID, int[]> operator : owners.entrySet()) {
            operatorStates.computeIfPresent(
                    operator.getKey(), (id, state) -> file(state, operator.getValue()));
        }
    }

    private static OperatorState file(OperatorState state, int[] owners) {
        try {
            return CheckpointFiling.file(state, owners);
        } catch (CheckpointFilingException e) {
            throw new FlinkRuntimeException(e.getMessage(), e);
        }
    }

    @Override
    public List<Execution> getTasksToTrigger() {
        return plan.getTasksToTrigger();
    }

    @Override
    public List<Execution> getTasksToWaitFor() {
        return plan.getTasksToWaitFor();
    }

    @Override
    public List<ExecutionVertex> getTasksToCommitTo() {
        return plan.getTasksToCommitTo();
    }

    @Override
    public List<Execution> getFinishedTasks() {
        return plan.getFinishedTasks();
    }

    @Override
    public Collection<ExecutionJobVertex> getFullyFinishedJobVertex() {
        return plan.getFullyFinishedJobVertex();
    }

    @Override
    public boolean mayHaveFinishedTasks() {
        return plan.mayHaveFinishedTasks();
    }

    @Override
    public void reportTaskFinishedOnRestore(ExecutionVertex task) {
        plan.reportTaskFinishedOnRestore(task);
    }

    @Override
    public void reportTaskHasFinishedOperators(ExecutionVertex task) {
        plan.reportTaskHasFinishedOperators(task);
    }
}
