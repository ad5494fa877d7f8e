/**
 * How much memory each allocator holds: idle, after a burst, with stragglers, after one large
 * request and under load; each measured in a JVM of its own.
 */
@NullMarked
package dev.tidepool.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
