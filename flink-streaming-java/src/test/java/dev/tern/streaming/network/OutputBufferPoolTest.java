package dev.tern.streaming.network;

import dev.tern.streaming.network.OutputBufferPool.Size;

import org.apache.flink.runtime.execution.CancelTaskException;
import org.apache.flink.runtime.io.network.buffer.BufferBuilder;
import org.apache.flink.runtime.io.network.buffer.LocalBufferPool;
import org.apache.flink.runtime.io.network.buffer.NetworkBufferPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.apache.flink.runtime.io.network.partition.ResultPartitionType.PIPELINED;
import static org.apache.flink.runtime.io.network.partition.ResultPartitionType.PIPELINED_BOUNDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Sizes of output pools, and their replacement where memory is scarce. */
class OutputBufferPoolTest {

    private static final int TOTAL = 10;

    private final NetworkBufferPool global = new NetworkBufferPool(TOTAL, 128);

    @AfterEach
    void everyBufferComesBack() {
        global.destroyAllBufferPools();
        assertThat(global.getNumberOfUsedMemorySegments()).isZero();
        global.destroy();
    }

    @Test
    void boundedOutputsKeepTheirFloatingBuffers() {
        int maxForTwo = 2 * 2 + 8;

        Size four = OutputBufferPool.sizeFor(PIPELINED_BOUNDED, 2, maxForTwo, 2, 4);
        Size backToTwo = OutputBufferPool.sizeFor(PIPELINED_BOUNDED, 2, four.max(), 4, 2);

        assertThat(four).isEqualTo(new Size(5, 4 * 2 + 8));
        assertThat(backToTwo).isEqualTo(new Size(3, maxForTwo));
    }

    @Test
    void everySubpartitionHasABufferWithoutExclusiveOnes() {
        assertThat(OutputBufferPool.sizeFor(PIPELINED_BOUNDED, 0, 4, 2, 8))
                .isEqualTo(new Size(9, 9));
    }

    @Test
    void unboundedOutputsStayUnbounded() {
        assertThat(OutputBufferPool.sizeFor(PIPELINED, 2, Integer.MAX_VALUE, 2, 4))
                .isEqualTo(new Size(5, Integer.MAX_VALUE));
    }

    @Test
    void replacementKeepsTheLimitsOfTheOldPool() throws Exception {
        LocalBufferPool old = (LocalBufferPool) global.createBufferPool(3, 8, 2, 6, 4);
        old.setMaxOverdraftBuffersPerGate(1);

        LocalBufferPool replacement =
                (LocalBufferPool) OutputBufferPool.replace(old, new Size(5, 9), 4);

        assertThat(old.isDestroyed()).isTrue();
        assertThat(replacement.getNumberOfRequiredMemorySegments()).isEqualTo(5);
        assertThat(replacement.getMaxNumberOfMemorySegments()).isEqualTo(9);
        assertThat(replacement.maxBuffersPerChannel).isEqualTo(6);
        assertThat(replacement.getMaxOverdraftBuffersPerGate()).isEqualTo(1);
        assertThat(replacement.subpartitionBuffersCount).hasSize(4);
        assertThat(global.getNumberOfRegisteredBufferPools()).isEqualTo(1);
    }

    @Test
    void replacementMayUseWhatTheOldPoolHeld() throws Exception {
        global.createBufferPool(5, 5);
        LocalBufferPool old = (LocalBufferPool) global.createBufferPool(3, 5, 2, 6, 0);

        LocalBufferPool replacement =
                (LocalBufferPool) OutputBufferPool.replace(old, new Size(5, 5), 4);

        assertThat(replacement.getNumberOfRequiredMemorySegments()).isEqualTo(5);
    }

    @Test
    void oldPoolStaysInUseIfTheProcessHasTooFewBuffers() throws Exception {
        global.createBufferPool(6, 6);
        LocalBufferPool old = (LocalBufferPool) global.createBufferPool(3, 4, 2, 6, 0);

        assertThatThrownBy(() -> OutputBufferPool.replace(old, new Size(5, 9), 4))
                .isInstanceOf(NetworkResizeException.class)
                .hasMessageContaining("needs 5 network buffers")
                .hasMessageContaining("only 4 of the process's 10")
                .hasMessageContaining("taskmanager.memory.network.max");

        assertThat(old.isDestroyed()).isFalse();
        BufferBuilder builder = old.requestBufferBuilder(1);
        assertThat(builder).isNotNull();
        builder.close();
    }

    @Test
    void buffersInFlightReturnThroughThePoolTheyCameFrom() throws Exception {
        LocalBufferPool old = (LocalBufferPool) global.createBufferPool(3, 8, 2, 6, 0);
        BufferBuilder inFlight = old.requestBufferBuilder(1);

        OutputBufferPool.replace(old, new Size(2, 2), 1).lazyDestroy();
        assertThat(global.getNumberOfUsedMemorySegments()).isEqualTo(1);

        inFlight.close();
        assertThat(global.getNumberOfUsedMemorySegments()).isZero();
    }

    @Test
    void aTaskThatIsBeingCancelledGetsNoNewPool() throws Exception {
        LocalBufferPool old = (LocalBufferPool) global.createBufferPool(3, 8, 2, 6, 0);
        old.lazyDestroy();

        assertThatThrownBy(() -> OutputBufferPool.replace(old, new Size(5, 9), 4))
                .isInstanceOf(CancelTaskException.class);
        assertThat(global.getNumberOfRegisteredBufferPools()).isZero();
    }
}
