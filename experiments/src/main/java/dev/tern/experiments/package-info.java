/**
 * The harness behind {@code experiments/run.sh} and {@code quickstart.sh}.
 *
 * <p>From the outside in: {@code command} reads the command line, {@code options} holds what was
 * asked for, {@code matrix} decides what runs when, {@code run} and {@code quickstart} execute it
 * on a {@code cluster} of processes, {@code rest} and {@code measure} observe it, {@code stats} and
 * {@code report} say what came out.
 */
package dev.tern.experiments;
