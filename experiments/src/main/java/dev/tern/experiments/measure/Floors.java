package dev.tern.experiments.measure;

/**
 * What the machine can do at best, probed in the same run.
 *
 * @param memcpyBytesPerSecond copying within the heap
 * @param loopbackBytesPerSecond one TCP connection over loopback, 32-KiB writes
 * @param handOffMicros median round trip between two threads that park for each other
 */
public record Floors(
        double memcpyBytesPerSecond, double loopbackBytesPerSecond, double handOffMicros) {}
