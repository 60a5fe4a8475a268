package dev.tern.rescale.hooks;

import dev.tern.rescale.scheduler.RequirementsStore;

import org.apache.flink.runtime.dispatcher.Dispatcher;
import org.apache.flink.streaming.api.graph.ExecutionPlan;

/** Where Flink's Dispatcher calls us. */
public final class DispatcherHooks {

    private DispatcherHooks() {}

    /** From {@code Dispatcher#createJobMasterRunner}. */
    public static void onJobMasterRunner(Dispatcher dispatcher, ExecutionPlan plan) {
        RequirementsStore.remember(plan, dispatcher.executionPlanWriter);
    }
}
