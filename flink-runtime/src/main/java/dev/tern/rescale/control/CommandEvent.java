package dev.tern.rescale.control;

import org.apache.flink.runtime.operators.coordination.OperatorEvent;

/**
 * A command on its way from the JobMaster to a task.
 *
 * @param requestId correlates the reply
 * @param epoch the rescale it belongs to; a task answers a stale epoch but does not obey it
 */
public record CommandEvent(long requestId, long epoch, TaskCommand command)
        implements OperatorEvent {}
