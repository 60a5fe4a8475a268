package dev.tern.rescale.request;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a rescale changes of one vertex.
 *
 * @param vertexId 32 hexadecimal digits
 * @param vertexName name as the dashboard shows it
 * @param from parallelism before
 * @param to wanted parallelism
 */
public record ParallelismChange(String vertexId, String vertexName, int from, int to)
        implements Serializable {

    public ParallelismChange {
        Objects.requireNonNull(vertexId, "vertexId");
        Objects.requireNonNull(vertexName, "vertexName");
    }

    /** Several changes as part of a sentence: {@code "Count" from 2 to 4, "Check" from 3 to 2}. */
    public static String text(List<ParallelismChange> changes) {
        return changes.stream().map(ParallelismChange::text).collect(Collectors.joining(", "));
    }

    private String text() {
        return String.format("\"%s\" from %d to %d", vertexName, from, to);
    }
}
