package dev.tern.rescale.coordinate;

import dev.tern.rescale.plan.Ownership;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * How the records of one vertex come to be processed by other subtasks, in steps. Between two steps
 * nothing is in flight. JobMaster main thread.
 */
interface Relocation {

    VertexChange change();

    /** Everybody who takes part gets ready; tells what would arrive on which heap. */
    CompletableFuture<HeapRoom.Load> prepare();

    int steps();

    /** How long nothing is to move before each of its steps but the first. */
    default Duration pause() {
        return Duration.ZERO;
    }

    /** Estimated bytes that a step moves. */
    long bytesOf(int step);

    /** Those who take part in a step get ready for the switch of routes. */
    CompletableFuture<Void> begin(int step);

    /**
     * Switches routes; completes in the main thread when everything has left and arrived.
     *
     * @param last whether it is the last step of all vertices
     */
    CompletableFuture<Void> carryOut(int step, boolean last);

    /** Who owns what after so many steps, while all subtasks are there. */
    Ownership after(int steps);

    /** This ownership counts from now on. */
    CompletableFuture<Void> commit(Ownership present);

    /** Where the vertex stands after so many steps. */
    StopPoint stopPoint(int steps);
}
