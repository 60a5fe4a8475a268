package dev.tern.rescale.plan;

/**
 * Chooses the target ownership of a rescale.
 *
 * <p>Pure: the same arguments give the same result. Found through {@link java.util.ServiceLoader},
 * chosen by name. Runs in the JobMaster main thread.
 */
public interface PlacementPlanner {

    /** The name users choose it by. */
    String name();

    /**
     * @param current who owns what now
     * @param parallelism the wanted number of subtasks, between 1 and the number of key groups
     * @return an ownership with that parallelism in which every subtask owns something
     */
    Ownership place(Ownership current, int parallelism);
}
