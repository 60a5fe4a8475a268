package dev.tern.rescale.transfer;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;

import static org.assertj.core.api.Assertions.assertThat;

class SerialWorkerTest {

    private final Deque<Runnable> pool = new ArrayDeque<>();
    private Runnable inTurn = () -> {};
    private int turns;

    private final SerialWorker worker =
            new SerialWorker(
                    pool::add,
                    () -> {
                        turns++;
                        inTurn.run();
                    });

    @Test
    void signalsBeforeATurnShareIt() {
        worker.signal();
        worker.signal();
        assertThat(pool).hasSize(1);

        pool.remove().run();

        assertThat(turns).isEqualTo(1);
        assertThat(pool).isEmpty();
    }

    @Test
    void signalsDuringATurnGiveOneMore() {
        inTurn =
                () -> {
                    if (turns == 1) {
                        worker.signal();
                        worker.signal();
                        assertThat(pool).as("never two at a time").isEmpty();
                    }
                };
        worker.signal();
        pool.remove().run();
        assertThat(pool).hasSize(1);

        pool.remove().run();

        assertThat(turns).isEqualTo(2);
        assertThat(pool).isEmpty();
    }

    @Test
    void stoppedWhileIdleIsStoppedAtOnce() {
        worker.stop();

        assertThat(worker.stopped()).isCompleted();
        worker.signal();
        assertThat(pool).isEmpty();
    }

    @Test
    void stoppedWhileQueuedNeverRuns() {
        worker.signal();
        worker.stop();
        assertThat(worker.stopped()).isCompleted();

        pool.remove().run();

        assertThat(turns).isZero();
    }

    @Test
    void stoppedInATurnIsStoppedAfterIt() {
        inTurn =
                () -> {
                    worker.signal();
                    worker.stop();
                    worker.signal();
                    assertThat(worker.stopped()).isNotDone();
                };
        worker.signal();

        pool.remove().run();

        assertThat(worker.stopped()).isCompleted();
        assertThat(pool).isEmpty();
    }

    @Test
    void aClosedPoolStopsIt() {
        SerialWorker rejected =
                new SerialWorker(
                        work -> {
                            throw new RejectedExecutionException();
                        },
                        () -> turns++);

        rejected.signal();

        assertThat(rejected.stopped()).isCompleted();
        assertThat(turns).isZero();
    }
}
