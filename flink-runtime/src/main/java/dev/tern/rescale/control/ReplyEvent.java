package dev.tern.rescale.control;

import org.apache.flink.runtime.operators.coordination.OperatorEvent;

/** A reply on its way from a task to the JobMaster. */
public record ReplyEvent(long requestId, long epoch, TaskReply reply) implements OperatorEvent {}
