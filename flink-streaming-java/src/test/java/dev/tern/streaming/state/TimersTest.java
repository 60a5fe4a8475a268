package dev.tern.streaming.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;

/** Timers move with their key group and fire once, at the new owner only. */
class TimersTest {

    private static final int GROUP = 3;
    private static final int KEY = HarnessSubtask.keyOf(GROUP, 0);
    private static final int STAYING = HarnessSubtask.keyOf(4, 0);

    private HarnessSubtask left;
    private HarnessSubtask right;

    @BeforeEach
    void open() throws Exception {
        left = HarnessSubtask.open(TimerFunction.operator(), 2, 0).widen();
        right = HarnessSubtask.open(TimerFunction.operator(), 2, 1).widen();
    }

    @AfterEach
    void close() throws Exception {
        left.close();
        right.close();
    }

    @ParameterizedTest
    @EnumSource
    void aProcessingTimerFiresThoughNoRecordFollows(Transport transport) throws Exception {
        left.send(KEY, -100);
        left.send(STAYING, -150);
        transport.move(left, right, GROUP);
        left.harness.setProcessingTime(200);
        right.harness.setProcessingTime(200);
        assertThat(left.output()).containsExactly(STAYING + " PROCESSING_TIME 150");
        assertThat(right.output()).containsExactly(KEY + " PROCESSING_TIME 100");
        assertThat(right.state().ownedNonEmpty()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anEarlierTimerMovesTheAlarmForward(Transport transport) throws Exception {
        right.send(HarnessSubtask.keyOf(9, 0), -500);
        left.send(KEY, -100);
        transport.move(left, right, GROUP);
        right.harness.setProcessingTime(100);
        assertThat(right.output()).containsExactly(KEY + " PROCESSING_TIME 100");
        right.harness.setProcessingTime(500);
        assertThat(right.output()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void anAlarmThatRangForNothingDoesNotSilenceTheNext(Transport transport) throws Exception {
        left.send(KEY, -100);
        transport.move(left, right, GROUP);
        left.harness.setProcessingTime(150);
        assertThat(left.output()).isEmpty();
        right.send(KEY, -300);
        transport.move(right, left, GROUP);
        left.harness.setProcessingTime(300);
        assertThat(left.output())
                .containsExactly(KEY + " PROCESSING_TIME 100", KEY + " PROCESSING_TIME 300");
    }

    @ParameterizedTest
    @EnumSource
    void anEventTimerFiresWithTheNewOwnersWatermark(Transport transport) throws Exception {
        left.send(KEY, 50);
        right.watermark(40);
        transport.move(left, right, GROUP);
        right.state().fireDueEventTimers();
        assertThat(right.output()).isEmpty();
        right.watermark(50);
        left.watermark(60);
        assertThat(right.output()).containsExactly(KEY + " EVENT_TIME 50");
        assertThat(left.output()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aTimerThatIsDueAtTheNewOwnerFiresAtOnceAndOnce(Transport transport) throws Exception {
        left.send(KEY, 50);
        right.watermark(60);
        right.output();
        transport.move(left, right, GROUP);
        right.state().fireDueEventTimers();
        assertThat(right.output()).containsExactly(KEY + " EVENT_TIME 50");
        right.watermark(70);
        assertThat(right.output()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void nothingFiresBeforeAnyWatermark(Transport transport) throws Exception {
        left.send(KEY, 0);
        transport.move(left, right, GROUP);
        right.state().fireDueEventTimers();
        assertThat(right.output()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void manyTimersFireInOrderAfterManyMoves(Transport transport) throws Exception {
        List<String> expectedLeft = new ArrayList<>();
        List<String> expectedRight = new ArrayList<>();
        for (int time = 1; time <= 400; time++) {
            int group = time * 7 % HarnessSubtask.MAX_PARALLELISM;
            int key = HarnessSubtask.keyOf(group, time % 3);
            left.send(key, time);
            (group < 5 ? expectedRight : expectedLeft).add(key + " EVENT_TIME " + time);
        }
        for (int round = 0; round < 3; round++) {
            transport.move(left, right, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
            transport.move(right, left, 5, 6, 7, 8, 9, 10);
            transport.move(right, left, 0, 1, 2, 3, 4);
        }
        transport.move(left, right, 0, 1, 2, 3, 4);
        left.watermark(1000);
        right.watermark(1000);
        assertThat(left.output()).isEqualTo(expectedLeft);
        assertThat(right.output()).isEqualTo(expectedRight);
    }

    @ParameterizedTest
    @EnumSource
    void aTimerCanBeDeletedAndSetAgainAtTheNewOwner(Transport transport) throws Exception {
        left.send(KEY, 50);
        transport.move(left, right, GROUP);
        // Set semantics: the same timer again must not fire twice.
        right.send(KEY, 50);
        right.watermark(50);
        assertThat(right.output()).containsExactly(KEY + " EVENT_TIME 50");
    }
}
