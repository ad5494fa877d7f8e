package dev.tidepool.allocator.contract;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.stream.Stream;

/**
 * Netty's own allocators, to show that a suite asks for nothing but the contract. Without the
 * unpooled one: its {@code setShortLE} checks no bounds, and a suite that does ends the JVM.
 */
record NettySource(ByteBufAllocator allocator, boolean isDirect) implements BufferSource {

  static Stream<NettySource> all() {
    return Stream.of(new PooledByteBufAllocator(true), new AdaptiveByteBufAllocator())
        .flatMap(each -> Stream.of(new NettySource(each, true), new NettySource(each, false)));
  }

  @Override
  public ByteBuf allocate(int length, int maxCapacity) {
    return isDirect
        ? allocator.directBuffer(length, maxCapacity)
        : allocator.heapBuffer(length, maxCapacity);
  }

  @Override
  public String toString() {
    return allocator.getClass().getSimpleName() + (isDirect ? " direct" : " heap");
  }
}
