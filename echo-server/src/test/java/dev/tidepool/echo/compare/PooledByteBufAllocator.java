package dev.tidepool.echo.compare;

/** An allocator of the same simple name as Netty's. */
public final class PooledByteBufAllocator extends io.netty.buffer.PooledByteBufAllocator {}
