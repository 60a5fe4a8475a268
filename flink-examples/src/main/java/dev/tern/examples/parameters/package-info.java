/** Command lines of the example jobs and of the tools that analyse their runs. */
package dev.tern.examples.parameters;
