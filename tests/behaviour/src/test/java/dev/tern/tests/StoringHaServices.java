package dev.tern.tests;

import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesFactory;
import org.apache.flink.runtime.highavailability.nonha.embedded.EmbeddedHaServices;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobmanager.ExecutionPlanStore;
import org.apache.flink.runtime.jobmanager.StandaloneExecutionPlanStore;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** High availability whose store tells which requirements a new JobManager would find. */
public final class StoringHaServices implements HighAvailabilityServicesFactory {

    private static final Map<JobID, JobResourceRequirements> STORED = new ConcurrentHashMap<>();

    /** What was stored last. */
    static Optional<JobResourceRequirements> stored(JobID job) {
        return Optional.ofNullable(STORED.get(job));
    }

    @Override
    public HighAvailabilityServices createHAServices(
            Configuration configuration, Executor executor) {
        return new EmbeddedHaServices(executor) {
            @Override
            public ExecutionPlanStore getExecutionPlanStore() {
                return new StandaloneExecutionPlanStore() {
                    @Override
                    public void putJobResourceRequirements(
                            JobID job, JobResourceRequirements requirements) {
                        STORED.put(job, requirements);
                    }
                };
            }
        };
    }
}
