/**
 * Keeps what checkpoints of a rescaled job say in a form that stock Flink restores correctly,
 * however the key groups were spread over the subtasks.
 */
package dev.tern.rescale.checkpoint;
