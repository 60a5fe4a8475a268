/** What the machine can do and does. */
package dev.tern.experiments.measure;
