package dev.tern.streaming.state;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random moves and restarts, timers on the heap. */
@ExtendWith(OnRocks.class)
class RocksRandomMovesTest extends RandomMovesTest {

    @Override
    @ParameterizedTest
    @ValueSource(longs = {2, 4})
    void movesAreInvisible(long seed) throws Exception {
        super.movesAreInvisible(seed);
    }
}
