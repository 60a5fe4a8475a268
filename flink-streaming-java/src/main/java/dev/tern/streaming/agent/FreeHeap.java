package dev.tern.streaming.agent;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/** How much heap of this process is free; garbage counts as free where the collector tells. */
final class FreeHeap {

    private FreeHeap() {}

    static long bytes() {
        long used = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                used += used(pool.getUsage(), pool.getCollectionUsage());
            }
        }
        return Math.max(0, Runtime.getRuntime().maxMemory() - used);
    }

    /**
     * @param afterCollection null when the pool is not collected; 0 bytes until it first was
     */
    static long used(MemoryUsage now, MemoryUsage afterCollection) {
        return afterCollection == null || afterCollection.getUsed() == 0
                ? now.getUsed()
                : Math.min(now.getUsed(), afterCollection.getUsed());
    }
}
