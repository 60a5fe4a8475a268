package dev.tern.rescale.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.plan.Move;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

class HeapRoomTest {

    private static final long MB = 1 << 20;
    private static final Map<Integer, Long> BYTES = Map.of(0, 60 * MB, 1, 60 * MB);
    private static final List<Move> MOVES = List.of(new Move(0, 0, 2), new Move(1, 1, 3));

    @Test
    void addsUpWhatArrivesInOneProcess() {
        assertThat(
                        shortage(
                                Map.of(
                                        0, room("a", 0),
                                        1, room("a", 0),
                                        2, room("b", 119),
                                        3, room("b", 130))))
                .hasValueSatisfying(
                        sentence ->
                                assertThat(sentence)
                                        .startsWith(
                                                "TaskManager b has 119 MB of heap free, and 120 MB of"
                                                        + " state would arrive there."));
    }

    @Test
    void whatFitsOrStaysInItsProcessIsNoShortage() {
        assertThat(
                        shortage(
                                Map.of(
                                        0, room("a", 0),
                                        1, room("b", 60),
                                        2, room("b", 60),
                                        3, room("b", 60))))
                .isEmpty();
    }

    @Test
    void stateThatIsNotOnTheHeapNeedsNoRoom() {
        assertThat(shortage(Map.of())).isEmpty();
    }

    @Test
    void addsUpWhatArrivesFromSeveralVertices() {
        Map<Integer, HeapRoom> rooms =
                Map.of(
                        0, room("a", 0),
                        1, room("a", 0),
                        2, room("b", 239),
                        3, room("b", 239));
        HeapRoom.Load load = new HeapRoom.Load(MOVES, BYTES, rooms);
        assertThat(HeapRoom.shortage(List.of(load))).isEmpty();
        assertThat(HeapRoom.shortage(List.of(load, load)))
                .hasValueSatisfying(
                        sentence ->
                                assertThat(sentence)
                                        .contains("239 MB of heap free, and 240 MB of state"));
    }

    private static Optional<String> shortage(Map<Integer, HeapRoom> rooms) {
        return HeapRoom.shortage(List.of(new HeapRoom.Load(MOVES, BYTES, rooms)));
    }

    private static HeapRoom room(String process, long megabytes) {
        return new HeapRoom(process, megabytes * MB);
    }
}
