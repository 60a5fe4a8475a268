package dev.tern.rescale.plan;

import dev.tern.rescale.control.CommandEvent;
import dev.tern.rescale.control.TaskCommand;
import dev.tern.rescale.strategy.AlignedHandover;
import dev.tern.rescale.strategy.HandoverChoices;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.util.InstantiationUtil;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What planning costs with 32,768 key groups and about 1,000 subtasks. Run by hand; medians and
 * maxima of the processor time of rounds with warm code.
 */
public final class PlanningBenchmark {

    private static final int KEY_GROUPS = 32_768;
    private static final int ROUNDS = 60;

    private interface Work {
        Object run() throws Exception;
    }

    private PlanningBenchmark() {}

    public static void main(String[] args) throws Exception {
        PlacementPlanner minimal = new MinimalPlacement();
        Ownership ranges = Ownership.contiguous(KEY_GROUPS, 1_000);
        Ownership grown = minimal.place(ranges, 1_200);
        Ownership back = minimal.place(grown, 1_100);
        Map<Integer, Long> bytes = new HashMap<>();
        for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
            bytes.put(keyGroup, 1_000_000L);
        }
        measure("place 1000 -> 1200", () -> minimal.place(ranges, 1_200));
        measure("place 1200 -> 1100, tidied up", () -> minimal.place(grown, 1_100));
        measure("place 1100 -> 1099, tidied up", () -> minimal.place(back, 1_099));
        measure("place 1000 -> 500", () -> minimal.place(ranges, 500));
        measure(
                "schedule and plan 1000 -> 1200",
                () ->
                        MigrationPlan.of(
                                ranges,
                                grown,
                                new ByteBudget()
                                        .schedule(
                                                MigrationView.of(
                                                        MigrationPlan.difference(ranges, grown),
                                                        bytes),
                                                Configuration.fromMap(
                                                        Map.of("step-size", "64 mb")))));
        TaskCommand.OwnerOptions options = new TaskCommand.OwnerOptions(
                        1, true, false, HandoverChoices.of(new AlignedHandover()));
        measure(
                "one PrepareOwner written, of 1200",
                () ->
                        InstantiationUtil.serializeObject(
                                new CommandEvent(
                                        1,
                                        1,
                                        new TaskCommand.PrepareOwner(
                                                ResourceID.generate(), ranges, grown, options))));
    }

    private static void measure(String what, Work work) throws Exception {
        double[] millis = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            work.run();
            millis[round] =
                    (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e6;
        }
        double[] warm = Arrays.copyOfRange(millis, ROUNDS / 2, ROUNDS);
        Arrays.sort(warm);
        System.out.printf(
                "%s: first %.2f ms, then median %.3f, at most %.3f ms%n",
                what, millis[0], warm[warm.length / 2], warm[warm.length - 1]);
    }
}
