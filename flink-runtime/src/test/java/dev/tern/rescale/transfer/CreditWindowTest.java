package dev.tern.rescale.transfer;

import org.junit.jupiter.api.Test;

import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CreditWindowTest {

    private static final long LONG = TimeUnit.SECONDS.toNanos(30);

    private volatile boolean writable = true;
    private final CreditWindow window = new CreditWindow(2, () -> writable);

    private CompletableFuture<Void> takeElsewhere() {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        window.take(LONG);
                    } catch (TransferException | InterruptedIOException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    @Test
    void onlyTheWindowCanBeTaken() throws TransferException {
        assertThat(window.tryTake()).isTrue();
        assertThat(window.tryTake()).isTrue();
        assertThat(window.tryTake()).isFalse();
        window.giveBack(1);
        assertThat(window.tryTake()).isTrue();
        assertThat(window.tryTake()).isFalse();
    }

    @Test
    void moreThanWasTakenCannotComeBack() throws TransferException {
        window.tryTake();

        assertThatThrownBy(() -> window.giveBack(2))
                .isInstanceOf(FrameException.class)
                .hasMessage("CREDIT returns 2 chunks, but 1 are under way");
        assertThatThrownBy(() -> window.giveBack(0)).isInstanceOf(FrameException.class);
        assertThatThrownBy(() -> window.giveBack(-1)).isInstanceOf(FrameException.class);
    }

    @Test
    void whoWaitsGoesOnWhenCreditComesBack() throws Exception {
        window.tryTake();
        window.tryTake();
        CompletableFuture<Void> waiting = takeElsewhere();

        window.giveBack(1);

        waiting.get(30, TimeUnit.SECONDS);
    }

    @Test
    void whoWaitsSeesTheFirstFailure() throws Exception {
        window.tryTake();
        window.tryTake();
        CompletableFuture<Void> waiting = takeElsewhere();

        window.fail(new TransferException("first"));
        window.fail(new TransferException("second"));

        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS)).hasRootCauseMessage("first");
        assertThatThrownBy(window::tryTake).hasMessage("first");
    }

    @Test
    void waitingEndsWithTheTimeout() throws TransferException {
        window.tryTake();
        window.tryTake();

        assertThatThrownBy(() -> window.take(TimeUnit.MILLISECONDS.toNanos(20)))
                .isInstanceOf(TransferException.class)
                .hasMessageContaining("has read nothing for 20 ms (rescale.transfer.timeout)");
    }

    @Test
    void creditIsOfNoUseWhileTheNetworkTakesNothing() throws Exception {
        writable = false;
        assertThat(window.tryTake()).isFalse();
        assertThatThrownBy(() -> window.take(TimeUnit.MILLISECONDS.toNanos(20)))
                .hasMessageContaining("the network has taken nothing for 20 ms")
                .hasMessageContaining("0 of 2 chunks");
        CompletableFuture<Void> waiting = takeElsewhere();

        writable = true;
        window.writableChanged();

        waiting.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aCreditAtHandNeedsNoTime() throws Exception {
        window.take(0);
        window.take(0);

        assertThat(window.tryTake()).isFalse();
    }
}
