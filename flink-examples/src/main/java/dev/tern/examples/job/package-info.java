/** What all example jobs have in common: command line, input, output, checking of the output. */
package dev.tern.examples.job;
