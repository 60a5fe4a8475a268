/** Runs of the reference job; the effects of an experiment. */
package dev.tern.experiments.run;
