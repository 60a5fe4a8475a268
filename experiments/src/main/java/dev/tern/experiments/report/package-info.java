/** Results as JSON, CSV, SVG and Markdown; pure. */
package dev.tern.experiments.report;
