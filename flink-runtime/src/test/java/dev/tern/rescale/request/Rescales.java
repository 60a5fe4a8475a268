package dev.tern.rescale.request;

import java.util.List;
import java.util.Map;

/** Rescales for tests. */
public final class Rescales {

    public static final String VERTEX_ID = "0000000000000000000000000000000a";

    private Rescales() {}

    /** A live rescale from 2 to 4 that was asked for at the given time. */
    public static RescaleRecord requested(String rescaleId, long nowMillis) {
        return RescaleRecord.requested(
                rescaleId,
                new Resolution.Resolved(
                        List.of(new ParallelismChange(VERTEX_ID, "Counter", 2, 4)),
                        "aligned",
                        Map.of("pause", "1 s"),
                        "minimal",
                        RescaleMode.LIVE,
                        ""),
                RescaleTrigger.UPDATE_REQUIREMENT,
                "Asked for by POST /jobs/:jobid/rescales.",
                nowMillis);
    }

    /** The same, completed after 50 ms. */
    public static RescaleRecord completed(String rescaleId, long requestMillis) {
        return requested(rescaleId, requestMillis)
                .entered(RescaleState.PREFLIGHT, requestMillis)
                .entered(RescaleState.MIGRATE, requestMillis + 10)
                .moved(new RescaleVolume(64, 2048, 1024, 7, 300, 200, 11))
                .completed(requestMillis + 50);
    }
}
