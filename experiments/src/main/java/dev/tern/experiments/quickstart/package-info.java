/** The first thing a newcomer runs, and its checks. */
package dev.tern.experiments.quickstart;
