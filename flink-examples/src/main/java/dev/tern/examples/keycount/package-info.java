/** The parts of the KeyCount job: what it reads, how it splits and how it counts. */
package dev.tern.examples.keycount;
