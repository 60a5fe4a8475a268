package dev.tern.rescale.rest;

import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.jobgraph.tasks.AbstractInvokable;

import java.util.concurrent.CountDownLatch;

/** A task that does nothing until it is cancelled. */
public final class BlockingInvokable extends AbstractInvokable {

    private final CountDownLatch cancelled = new CountDownLatch(1);

    public BlockingInvokable(Environment environment) {
        super(environment);
    }

    @Override
    public void invoke() throws Exception {
        cancelled.await();
    }

    @Override
    public void cancel() {
        cancelled.countDown();
    }
}
