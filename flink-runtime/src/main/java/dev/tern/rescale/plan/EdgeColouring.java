package dev.tern.rescale.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Divides moves into the fewest sets in which no two share a sender or a receiver: the edges of a
 * bipartite multigraph are coloured with as many colours as the busiest subtask has moves, which is
 * always possible (König, 1916).
 *
 * <p>Moves are coloured one by one with the first colour that is free at both ends. Where there is
 * none, the two colours that are free at one end each are exchanged along the path that they form
 * from the receiver. That path cannot end at the sender, since every other of its ends is a receiver.
 */
final class EdgeColouring {

    /** One side of one subtask: its move of each colour. */
    private static final class End {
        final BitSet used = new BitSet();
        final Map<Integer, Integer> moves = new HashMap<>();

        void put(int colour, int move) {
            used.set(colour);
            moves.put(colour, move);
        }

        void remove(int colour) {
            used.clear(colour);
            moves.remove(colour);
        }
    }

    private final List<Move> moves;
    private final int[] colours;
    private final Map<Integer, End> senders = new HashMap<>();
    private final Map<Integer, End> receivers = new HashMap<>();
    private final int degree;

    private EdgeColouring(List<Move> moves) {
        this.moves = moves;
        this.colours = new int[moves.size()];
        Map<Integer, Integer> sent = new HashMap<>();
        Map<Integer, Integer> received = new HashMap<>();
        int most = 0;
        for (Move move : moves) {
            most = Math.max(most, sent.merge(move.from(), 1, Integer::sum));
            most = Math.max(most, received.merge(move.to(), 1, Integer::sum));
        }
        this.degree = most;
    }

    /** The sets, each in the order of the moves. */
    static List<List<Move>> of(List<Move> moves) {
        EdgeColouring colouring = new EdgeColouring(moves);
        for (int move = 0; move < moves.size(); move++) {
            colouring.add(move);
        }
        return colouring.sets();
    }

    private void add(int move) {
        End sender = sender(move);
        End receiver = receiver(move);
        int colour = freeAtBoth(sender, receiver);
        if (colour >= degree) {
            colour = sender.used.nextClearBit(0);
            exchange(receiver, colour, receiver.used.nextClearBit(0));
        }
        colour(move, colour);
    }

    private static int freeAtBoth(End sender, End receiver) {
        int colour = sender.used.nextClearBit(0);
        while (receiver.used.get(colour)) {
            colour = sender.used.nextClearBit(receiver.used.nextClearBit(colour));
        }
        return colour;
    }

    /** Afterwards the first colour is free at the receiver. */
    private void exchange(End receiver, int first, int second) {
        List<Integer> path = new ArrayList<>();
        End end = receiver;
        int colour = first;
        boolean atReceiver = true;
        while (end.moves.containsKey(colour)) {
            int move = end.moves.get(colour);
            path.add(move);
            end = atReceiver ? sender(move) : receiver(move);
            atReceiver = !atReceiver;
            colour = colour == first ? second : first;
        }
        path.forEach(
                move -> {
                    sender(move).remove(colours[move]);
                    receiver(move).remove(colours[move]);
                });
        path.forEach(move -> colour(move, colours[move] == first ? second : first));
    }

    private void colour(int move, int colour) {
        colours[move] = colour;
        sender(move).put(colour, move);
        receiver(move).put(colour, move);
    }

    private End sender(int move) {
        return senders.computeIfAbsent(moves.get(move).from(), ignored -> new End());
    }

    private End receiver(int move) {
        return receivers.computeIfAbsent(moves.get(move).to(), ignored -> new End());
    }

    private List<List<Move>> sets() {
        List<List<Move>> sets = new ArrayList<>();
        for (int colour = 0; colour < degree; colour++) {
            sets.add(new ArrayList<>());
        }
        for (int move = 0; move < colours.length; move++) {
            sets.get(colours[move]).add(moves.get(move));
        }
        return sets;
    }
}
