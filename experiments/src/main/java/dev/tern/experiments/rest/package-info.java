/** What a job looks like from its JobManager, and what that proves. */
package dev.tern.experiments.rest;
