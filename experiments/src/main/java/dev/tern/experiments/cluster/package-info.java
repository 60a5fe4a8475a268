/** Processes on the loopback interface: clusters, commands, ports. */
package dev.tern.experiments.cluster;
