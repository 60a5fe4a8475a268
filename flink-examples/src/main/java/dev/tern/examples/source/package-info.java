/**
 * A FLIP-27 source that emits records on a schedule fixed before the run.
 *
 * <p>Flink's own DataGeneratorSource limits its rate by permits: what could not be emitted in time
 * is simply emitted later, on a clock that moved with the delay, so a stall of the job shortens the
 * input instead of lengthening the measured latency. This source never moves its clock.
 */
package dev.tern.examples.source;
