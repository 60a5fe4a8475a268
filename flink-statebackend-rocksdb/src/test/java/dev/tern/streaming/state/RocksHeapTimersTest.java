package dev.tern.streaming.state;

import org.junit.jupiter.api.extension.ExtendWith;

/** Timers on the heap move beside entries in RocksDB. */
@ExtendWith(OnRocks.class)
class RocksHeapTimersTest extends TimersTest {}
