/** Where the results of the example jobs end, and the log of when they got there. */
package dev.tern.examples.sink;
