/**
 * Memory by lifetime for Netty: the allocators. See {@link
 * dev.tidepool.allocator.ArenaByteBufAllocator}.
 *
 * <p><b>Memory safety.</b> Calls on a buffer are checked as everywhere in Netty. What is raw is
 * not: a {@code memoryAddress()}, an {@code array()} or a kept {@code nioBuffer()} reaches its
 * memory whatever became of the buffer. After the release that may be another buffer's, after a
 * reset another connection's, and after a trim or the event loop's end nobody's at all. {@link
 * dev.tidepool.allocator.Checks#FULL} finds such writes in tests.
 */
@NullMarked
package dev.tidepool.allocator;

import org.jspecify.annotations.NullMarked;
