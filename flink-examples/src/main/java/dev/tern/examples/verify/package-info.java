/**
 * Checks of what a job has written, against a computation that knows nothing of Flink.
 *
 * <p>A result line is {@code key<TAB>sequence<TAB>record id<TAB>value}. The sequence is kept in
 * keyed state and numbers the results of a key from 1: it is the order in which the job claims to
 * have processed the records of the key, whatever the order of the lines in the files.
 */
package dev.tern.examples.verify;
