package dev.tern.examples.measure;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeliveryTest {

    private static final Schedule SCHEDULE = Schedule.steady(0, 1000);

    private static Delivery delivery(Arrivals arrivals, long expected) {
        return RunAnalysis.of(arrivals.log(), SCHEDULE, expected).delivery();
    }

    @Test
    void exactRunHasNothingToReport() {
        Arrivals arrivals = new Arrivals().add(0, 0, 1).add(1, 1, 2).add(2, 2, 3);
        assertThat(delivery(arrivals, 3)).isEqualTo(new Delivery(3, 0, 0, 0, 0));
        assertThat(delivery(arrivals, 3).isExact()).isTrue();
    }

    @Test
    void countsEveryMissingRecordBelowTheExpectedNumberAndNoneBeyond() {
        Arrivals arrivals = new Arrivals().add(1, 0, 7, 1, 2, 0, 0).add(4, 0, 8, 4, 5, 0, 0);
        assertThat(delivery(arrivals, 4).lost()).isEqualTo(3);
        assertThat(delivery(arrivals, 5).lost()).isEqualTo(3);
        assertThat(delivery(arrivals, 6).lost()).isEqualTo(4);
        assertThat(delivery(arrivals, 0).lost()).isZero();
        assertThat(RunAnalysis.of(arrivals.log()).delivery().lost()).isEqualTo(-1);
    }

    @Test
    void countsOutputsBeyondTheFirstAsDuplicated() {
        Arrivals arrivals = new Arrivals().add(0, 0, 1).add(0, 0, 4).add(0, 0, 3).add(1, 1, 2);
        assertThat(delivery(arrivals, 2).duplicated()).isEqualTo(2);
    }

    @Test
    void ordersByTheCountsOfTheStateAndNotByArrival() {
        // Two subtasks race to the sink after a move: that is not the order of processing.
        Arrivals raced = new Arrivals().add(1, 5, 2, 1, 10, 1, 0).add(0, 5, 1, 0, 11, 0, 0);
        assertThat(delivery(raced, 2)).isEqualTo(new Delivery(2, 0, 0, 0, 0));

        Arrivals overtaken = new Arrivals().add(0, 5, 2, 0, 10, 1, 0).add(1, 5, 1, 1, 11, 0, 0);
        assertThat(delivery(overtaken, 2).outOfOrder()).isEqualTo(1);
    }

    @Test
    void ordersOnlyWithinAKeyAndAChannel() {
        Arrivals otherChannel = new Arrivals().add(1, 5, 1, 1, 2, 0, 1).add(0, 5, 2, 0, 3, 0, 0);
        assertThat(delivery(otherChannel, 2).outOfOrder()).isZero();
        Arrivals otherKey = new Arrivals().add(1, 5, 1, 1, 2, 0, 0).add(0, 6, 1, 0, 3, 0, 0);
        assertThat(delivery(otherKey, 2).outOfOrder()).isZero();
    }

    @Test
    void countsMustStartAtOneAndHaveNeitherHolesNorRepetitions() {
        assertThat(delivery(new Arrivals().add(0, 5, 2, 0, 1, 0, 0), 1).wrongCounts()).isEqualTo(1);
        Arrivals hole = new Arrivals().add(0, 5, 1, 0, 1, 0, 0).add(1, 5, 3, 1, 2, 0, 0);
        assertThat(delivery(hole, 2).wrongCounts()).isEqualTo(1);
        Arrivals repeated = new Arrivals().add(0, 5, 1, 0, 1, 0, 0).add(1, 5, 1, 1, 2, 0, 0);
        assertThat(delivery(repeated, 2).wrongCounts()).isEqualTo(1);
        Arrivals nextKey = new Arrivals().add(0, 5, 1, 0, 1, 0, 0).add(1, 6, 2, 1, 2, 0, 0);
        assertThat(delivery(nextKey, 2).wrongCounts()).isEqualTo(1);
    }

    @Test
    void holesAmongRecordsInFlightAtTheEndProveNothing() {
        Arrivals arrivals = new Arrivals().add(0, 5, 1, 0, 1, 0, 0).add(9, 5, 3, 9, 10, 0, 0);
        assertThat(delivery(arrivals, 1).wrongCounts()).isZero();
        assertThat(delivery(arrivals, 10).wrongCounts()).isEqualTo(1);
    }

    @Test
    void judgesStateByTheHistoryThatARestoreContinues() {
        // Attempt 1 counts records 0 and 1; the restored attempt saw only record 0 and repeats 1.
        Arrivals arrivals =
                new Arrivals()
                        .add(0, 5, 1, 0, 1, 0, 0)
                        .add(1, 5, 2, 1, 2, 0, 0)
                        .add(1, 5, 2, 1, 50, 0, 0)
                        .add(2, 5, 3, 2, 51, 0, 0);
        assertThat(delivery(arrivals, 3)).isEqualTo(new Delivery(3, 0, 1, 0, 0));

        // The restored state had forgotten record 0: its last history counts 1 as the first.
        Arrivals forgotten =
                new Arrivals()
                        .add(0, 5, 1, 0, 1, 0, 0)
                        .add(1, 5, 2, 1, 2, 0, 0)
                        .add(1, 5, 1, 1, 50, 0, 0);
        assertThat(delivery(forgotten, 2).wrongCounts()).isEqualTo(1);
    }
}
