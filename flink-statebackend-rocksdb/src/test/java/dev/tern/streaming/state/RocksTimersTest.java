package dev.tern.streaming.state;

import org.junit.jupiter.api.extension.ExtendWith;

/** Timers in RocksDB move with their key group and fire once. */
@ExtendWith(OnRocks.WithTimers.class)
class RocksTimersTest extends TimersTest {}
