/**
 * The pools by thread: one for each event loop, a few that locks guard for all other threads, and
 * the clock that trims them. Not exported.
 */
@NullMarked
package dev.tidepool.allocator.threads;

import org.jspecify.annotations.NullMarked;
