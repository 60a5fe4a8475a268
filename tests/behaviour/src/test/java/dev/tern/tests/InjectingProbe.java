package dev.tern.tests;

import dev.tern.rescale.coordinate.StateProbe;
import dev.tern.rescale.request.RescaleState;

import org.apache.flink.api.common.JobID;

/** Shows the states of the coordinator to the {@link Injection} of the job. */
public final class InjectingProbe implements StateProbe {

    @Override
    public void entered(JobID job, String rescaleId, RescaleState state) {
        Injection injection = Injection.find(job);
        if (injection != null) {
            injection.entered(state);
        }
    }
}
