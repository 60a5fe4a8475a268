/**
 * The auction site of NexMark (Tucker, Tufte, Papadimos, Maier: "NEXMark, a benchmark for queries
 * over data streams", 2008): its events, its queries, and what they must give.
 *
 * <p>Written from the rules of the benchmark. Every event is a pure function of a seed and its
 * number, so that the result of a query can be computed again without running it.
 */
package dev.tern.examples.nexmark;
