package dev.tern.rescale.plan;

import java.io.Serializable;

/**
 * One unit changes its owner.
 *
 * @param keyGroup the key group
 * @param from subtask index of the old owner
 * @param to subtask index of the new owner
 */
public record Move(int keyGroup, int from, int to) implements Serializable {

    public Move {
        if (from == to) {
            throw new IllegalArgumentException(
                    "Key group " + keyGroup + " would move from subtask " + from + " to itself");
        }
    }
}
