/**
 * The keyed state side of moving units. A unit is one key group of one task with every named state
 * and every timer of every keyed operator of its chain. {@link
 * dev.tern.streaming.state.TaskKeyedState} is the way in; one {@link
 * dev.tern.streaming.state.StateMover} per kind of backend does the work.
 */
package dev.tern.streaming.state;
