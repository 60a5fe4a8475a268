package dev.tern.streaming.state;

import org.junit.jupiter.api.extension.ExtendWith;

/** What a database with any key groups writes is restored, timers in RocksDB. */
@ExtendWith(OnRocks.WithTimers.class)
class RocksTimersSnapshotsTest extends SnapshotsTest {}
