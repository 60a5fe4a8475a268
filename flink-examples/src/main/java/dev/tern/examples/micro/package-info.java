/** The parts of MicroBenchmark: keys, state of a given size, cost per record. */
package dev.tern.examples.micro;
