package dev.tern.streaming.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.lang.management.MemoryUsage;

class FreeHeapTest {

    @Test
    void garbageCountsAsFreeWhereTheCollectorTells() {
        assertThat(FreeHeap.used(usage(100), usage(30))).isEqualTo(30);
        assertThat(FreeHeap.used(usage(10), usage(30))).isEqualTo(10);
        assertThat(FreeHeap.used(usage(100), usage(0))).isEqualTo(100);
        assertThat(FreeHeap.used(usage(100), null)).isEqualTo(100);
    }

    @Test
    void thisProcessHasSomeAndNotMoreThanAll() {
        assertThat(FreeHeap.bytes()).isPositive().isLessThan(Runtime.getRuntime().maxMemory());
    }

    private static MemoryUsage usage(long used) {
        return new MemoryUsage(0, used, used, 1000);
    }
}
