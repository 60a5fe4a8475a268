package dev.tern.streaming.state;

import org.junit.jupiter.api.extension.ExtendWith;

/** Windows move between databases. */
@ExtendWith(OnRocks.WithTimers.class)
class RocksWindowsTest extends WindowsTest {}
