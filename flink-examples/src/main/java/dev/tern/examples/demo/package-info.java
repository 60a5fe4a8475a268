/** The parts of StatefulDemo. */
package dev.tern.examples.demo;
