package dev.tern.examples.source;

import org.apache.flink.core.io.SimpleVersionedSerializer;

import dev.tern.examples.measure.Schedule;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OpenLoopSplitTest {

    private static final OpenLoopSplit FIRST =
            new OpenLoopSplit(2, 3, 5, new Schedule(1, 2, 3.5, 4, 5.25));
    private static final OpenLoopSplit SECOND =
            new OpenLoopSplit(0, 1, 1L << 40, Schedule.steady(9, 1.0 / 3));

    @Test
    void splitsAreTheSameAfterAWriteAndARead() throws Exception {
        OpenLoopSplitSerializer one = new OpenLoopSplitSerializer();
        assertThat(one.deserialize(one.getVersion(), one.serialize(FIRST))).isEqualTo(FIRST);
        SimpleVersionedSerializer<List<OpenLoopSplit>> many = OpenLoopSplitSerializer.ofLists();
        assertThat(many.deserialize(many.getVersion(), many.serialize(List.of(FIRST, SECOND))))
                .containsExactly(FIRST, SECOND);
        assertThatThrownBy(() -> one.deserialize(2, one.serialize(FIRST)))
                .hasMessageContaining("version 2 cannot be read, expected 1");
    }

    @Test
    void positionBelongsToTheSequence() {
        assertThat(FIRST.advanced().nextPosition()).isEqualTo(8);
        assertThat(FIRST.splitId()).isEqualTo("2/3");
        assertThatThrownBy(() -> new OpenLoopSplit(1, 3, 5, Schedule.steady(0, 1)))
                .hasMessageContaining("Position 5 is not in sequence 1 of 3");
    }
}
