/** Command lines. */
package dev.tern.experiments.command;
