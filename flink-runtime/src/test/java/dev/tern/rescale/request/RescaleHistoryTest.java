package dev.tern.rescale.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What the history keeps. */
class RescaleHistoryTest {

    private final RescaleHistory history = new RescaleHistory(2);

    @Test
    void isNewestFirst() {
        history.put(Rescales.completed("r1", 100));
        history.put(Rescales.completed("r2", 200));
        assertThat(history.newestFirst())
                .extracting(RescaleRecord::rescaleId)
                .containsExactly("r2", "r1");
        assertThat(history.latest()).contains(Rescales.completed("r2", 200));
    }

    @Test
    void forgetsTheOldest() {
        history.put(Rescales.completed("r1", 100));
        history.put(Rescales.completed("r2", 200));
        history.put(Rescales.completed("r3", 300));
        assertThat(history.newestFirst())
                .extracting(RescaleRecord::rescaleId)
                .containsExactly("r3", "r2");
        assertThat(history.find("r1")).isEmpty();
    }

    @Test
    void replacesARecordInItsPlace() {
        history.put(Rescales.requested("r1", 100));
        history.put(Rescales.requested("r2", 200));
        history.put(Rescales.completed("r1", 100));
        assertThat(history.newestFirst())
                .containsExactly(Rescales.requested("r2", 200), Rescales.completed("r1", 100));
    }

    @Test
    void keepsWhatStillRuns() {
        history.put(Rescales.requested("r1", 100));
        history.put(Rescales.completed("r2", 200));
        history.put(Rescales.completed("r3", 300));
        assertThat(history.newestFirst())
                .extracting(RescaleRecord::rescaleId)
                .containsExactly("r3", "r1");
        assertThat(history.find("r1")).contains(Rescales.requested("r1", 100));
    }

    @Test
    void needsRoomForOne() {
        assertThatThrownBy(() -> new RescaleHistory(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
        assertThat(new RescaleHistory(1).latest()).isEmpty();
    }
}
