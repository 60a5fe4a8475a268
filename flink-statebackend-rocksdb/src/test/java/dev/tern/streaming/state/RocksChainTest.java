package dev.tern.streaming.state;

import org.junit.jupiter.api.extension.ExtendWith;

/** Several operators of a chain, each with a database of its own. */
@ExtendWith(OnRocks.class)
class RocksChainTest extends ChainTest {}
