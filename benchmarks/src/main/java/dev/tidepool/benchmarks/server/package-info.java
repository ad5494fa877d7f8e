/** Suites about a whole server: the echo server, loaded by a process of its own. */
@NullMarked
package dev.tidepool.benchmarks.server;

import org.jspecify.annotations.NullMarked;
