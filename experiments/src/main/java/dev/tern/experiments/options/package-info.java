/** What was asked for, checked. */
package dev.tern.experiments.options;
