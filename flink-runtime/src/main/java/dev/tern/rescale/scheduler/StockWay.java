package dev.tern.rescale.scheduler;

/** How stock Flink changes parallelism: by a restart. JobMaster main thread. */
interface StockWay {

    /** Restarts the job at the parallelism that the slots at hand allow. */
    void restartNow();

    /** Lets Flink's manager restart the job once resources are stable. */
    void restartWhenStable();
}
