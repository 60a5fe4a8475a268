package dev.tern.examples.job;

import dev.tern.examples.keycount.Line;

import java.io.Serializable;

/**
 * Makes records of lines of a text format.
 *
 * @param <T> type of the records
 */
public interface LineParser<T> extends Serializable {

    /**
     * The record in a line; null for lines that the format has but the job does not want.
     *
     * @throws IllegalArgumentException with a sentence if the line is not of the format
     */
    T parse(Line line);
}
