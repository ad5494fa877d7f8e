/**
 * Runs every suite, keeps what was measured as JSON, and writes it up with its uncertainty: {@code
 * RESULTS.md} and its charts hold nothing that is not in the JSON.
 */
@NullMarked
package dev.tidepool.benchmarks.report;

import org.jspecify.annotations.NullMarked;
