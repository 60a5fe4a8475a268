package dev.tern.rescale.coordinate;

import dev.tern.rescale.request.RescaleState;

import org.apache.flink.api.common.JobID;

import java.util.ServiceLoader;

/**
 * Is told of every state that a rescale enters. Found through {@link ServiceLoader}; the
 * distribution has none. Tests have one, to watch rescales and to break them.
 */
public interface StateProbe {

    /**
     * Called once for each state, in the JobMaster main thread, which it must not block.
     *
     * @throws RuntimeException breaks the rescale in this state, as an error of the coordinator does
     */
    void entered(JobID job, String rescaleId, RescaleState state);

    /** The probe on the class path, or one that does nothing. */
    static StateProbe load() {
        return ServiceLoader.load(StateProbe.class, StateProbe.class.getClassLoader())
                .findFirst()
                .orElse((job, rescaleId, state) -> {});
    }
}
