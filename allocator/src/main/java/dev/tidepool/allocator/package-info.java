/**
 * The exported package: allocators for Netty that organise memory by lifetime, the pipeline
 * handler, and their options, metrics and reports. Begin with {@link
 * dev.tidepool.allocator.ArenaByteBufAllocator}.
 *
 * <p><b>Memory safety.</b> Calls on a buffer are checked as everywhere in Netty. Raw access is not:
 * a {@code memoryAddress()}, an {@code array()} or a kept {@code nioBuffer()} reaches its memory
 * even after the buffer's release. That memory may then be another buffer's, after a reset another
 * connection's, and after a trim or the event loop's end freed. {@link
 * dev.tidepool.allocator.Checks#FULL} finds such writes in tests.
 */
@NullMarked
package dev.tidepool.allocator;

import org.jspecify.annotations.NullMarked;
