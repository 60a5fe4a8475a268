/** Medians, ratios and their intervals; pure. */
package dev.tern.experiments.stats;
