/**
 * Memory by lifetime for Netty: the allocators. See {@link
 * dev.tidepool.allocator.ArenaByteBufAllocator}.
 */
@NullMarked
package dev.tidepool.allocator;

import org.jspecify.annotations.NullMarked;
