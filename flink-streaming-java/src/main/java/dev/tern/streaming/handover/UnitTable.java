package dev.tern.streaming.handover;

import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Move;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The states of all units of a vertex, seen from one subtask.
 *
 * <p>Every transition goes through {@link #change}, which refuses an illegal one. Task mailbox
 * thread.
 */
final class UnitTable {

    private final int subtask;
    private final UnitState[] states;
    private int expected;
    private int leaving;

    UnitTable(int subtask, int keyGroups, BitSet owned) {
        this.subtask = subtask;
        this.states = new UnitState[keyGroups];
        Arrays.fill(states, UnitState.FOREIGN);
        owned.stream().forEach(keyGroup -> states[keyGroup] = UnitState.OWNED);
    }

    UnitState of(int keyGroup) {
        return states[keyGroup];
    }

    /** The units of the step that leave or come here get ready for it. */
    void begin(MigrationStep step) {
        for (Move move : step.moves()) {
            if (move.from() == subtask) {
                change(move.keyGroup(), UnitState.OWNED, UnitState.LEAVING);
                leaving++;
            } else if (move.to() == subtask) {
                UnitState now = states[move.keyGroup()];
                change(move.keyGroup(), now, UnitState.EXPECTED);
                expected++;
            }
        }
    }

    void left(int keyGroup) {
        change(keyGroup, UnitState.LEAVING, UnitState.LEFT);
        leaving--;
    }

    /** It is here, and nothing follows it. */
    void installed(int keyGroup) {
        change(keyGroup, UnitState.EXPECTED, UnitState.OWNED);
        expected--;
    }

    /** It is here, but records may follow it. */
    void installedAhead(int keyGroup) {
        change(keyGroup, UnitState.EXPECTED, UnitState.INSTALLED);
    }

    /** No record follows it any more. */
    void followed(int keyGroup) {
        change(keyGroup, UnitState.INSTALLED, UnitState.OWNED);
        expected--;
    }

    boolean expectsAny() {
        return expected > 0;
    }

    boolean hasLeaving() {
        return leaving > 0;
    }

    List<Integer> leaving() {
        return in(UnitState.LEAVING).stream().boxed().toList();
    }

    /** Units whose records may be processed here: all whose state is here. */
    BitSet processable() {
        BitSet processable = in(UnitState.OWNED);
        processable.or(in(UnitState.LEAVING));
        processable.or(in(UnitState.INSTALLED));
        return processable;
    }

    private BitSet in(UnitState state) {
        BitSet found = new BitSet(states.length);
        for (int keyGroup = 0; keyGroup < states.length; keyGroup++) {
            if (states[keyGroup] == state) {
                found.set(keyGroup);
            }
        }
        return found;
    }

    private void change(int keyGroup, UnitState from, UnitState to) {
        boolean legal =
                switch (to) {
                    case LEAVING -> from == UnitState.OWNED;
                    case LEFT -> from == UnitState.LEAVING;
                    case EXPECTED -> from == UnitState.FOREIGN || from == UnitState.LEFT;
                    case INSTALLED -> from == UnitState.EXPECTED;
                    case OWNED -> from == UnitState.EXPECTED || from == UnitState.INSTALLED;
                    case FOREIGN -> false;
                };
        if (!legal || states[keyGroup] != from) {
            throw new IllegalStateException(
                    String.format(
                            "Key group %d cannot become %s at subtask %d: it is %s",
                            keyGroup, to, subtask, states[keyGroup]));
        }
        states[keyGroup] = to;
    }
}
