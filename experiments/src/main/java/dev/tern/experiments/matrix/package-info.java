/** What runs in which order; pure. */
package dev.tern.experiments.matrix;
