/** Moves units of Flink's heap backend ({@code hashmap}) without copying state in the mailbox. */
package dev.tern.streaming.state.heap;
