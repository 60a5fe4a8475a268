package dev.tern.streaming.state;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random moves and restarts, timers in RocksDB. */
@ExtendWith(OnRocks.WithTimers.class)
class RocksTimersRandomMovesTest extends RandomMovesTest {

    @Override
    @ParameterizedTest
    @ValueSource(longs = {4, 6})
    void movesAreInvisible(long seed) throws Exception {
        super.movesAreInvisible(seed);
    }
}
