/** Tidepool measured beside the allocators that Netty ships. */
@NullMarked
package dev.tidepool.benchmarks;

import org.jspecify.annotations.NullMarked;
