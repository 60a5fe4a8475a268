package dev.tern.experiments.cluster;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * How a cluster on the loopback interface is configured; the same for every engine.
 *
 * @param taskManagers number of TaskManager processes
 * @param slotsPerTaskManager slots of each
 * @param taskManagerHeapMib task heap of each, in MiB
 * @param options Flink options on top, which win over the defaults here
 */
public record ClusterSettings(
        int taskManagers,
        int slotsPerTaskManager,
        int taskManagerHeapMib,
        Map<String, String> options) {

    public ClusterSettings {
        requireNonNull(options, "options");
        if (taskManagers < 1 || slotsPerTaskManager < 1 || taskManagerHeapMib < 64) {
            throw new IllegalArgumentException(
                    "A cluster needs TaskManagers, slots and at least 64 MiB of heap, got "
                            + taskManagers
                            + ", "
                            + slotsPerTaskManager
                            + " and "
                            + taskManagerHeapMib
                            + " MiB.");
        }
        options = Map.copyOf(options);
    }

    /** All slots of the cluster. */
    public int slots() {
        return taskManagers * slotsPerTaskManager;
    }

    /**
     * The content of {@code config.yaml}, one flat key a line.
     *
     * @param rpcPort port of the JobManager
     * @param restPort port of the REST endpoint
     * @param directory where checkpoints and savepoints go
     * @param temporary where databases and other temporary files go
     */
    public String configYaml(int rpcPort, int restPort, String directory, String temporary) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("jobmanager.rpc.address", "127.0.0.1");
        all.put("jobmanager.rpc.port", String.valueOf(rpcPort));
        all.put("jobmanager.bind-host", "127.0.0.1");
        all.put("jobmanager.memory.process.size", "1200m");
        all.put("jobmanager.scheduler", "adaptive");
        all.put("rest.address", "127.0.0.1");
        all.put("rest.bind-address", "127.0.0.1");
        all.put("rest.port", String.valueOf(restPort));
        all.put("rest.bind-port", String.valueOf(restPort));
        all.put("taskmanager.host", "127.0.0.1");
        all.put("taskmanager.bind-host", "127.0.0.1");
        all.put("taskmanager.numberOfTaskSlots", String.valueOf(slotsPerTaskManager));
        all.put("taskmanager.memory.task.heap.size", taskManagerHeapMib + "m");
        all.put("taskmanager.memory.managed.size", "128m");
        all.put("taskmanager.memory.network.min", "128m");
        all.put("taskmanager.memory.network.max", "128m");
        all.put("io.tmp.dirs", temporary);
        all.put("execution.checkpointing.dir", "file://" + directory + "/checkpoints");
        all.put("execution.checkpointing.savepoint-dir", "file://" + directory + "/savepoints");
        // Fresh answers: the stock caches would hide what happens within a second.
        all.put("web.refresh-interval", "100");
        all.put("metrics.fetcher.update-interval", "500");
        all.putAll(options);
        StringJoiner yaml = new StringJoiner("\n", "", "\n");
        all.forEach((key, value) -> yaml.add(key + ": " + quoted(value)));
        return yaml.toString();
    }

    private static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
