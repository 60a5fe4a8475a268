package dev.tern.streaming.state;

import org.junit.jupiter.api.extension.ExtendWith;

/** Every kind of keyed state moves between databases. */
@ExtendWith(OnRocks.class)
class RocksStateKindsTest extends StateKindsTest {}
