package dev.tidepool.echo.server;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.LeakListener;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Locale;

/** The allocators that a server can have: the values of {@code --allocator}. */
public enum AllocatorChoice {
  ARENA,
  POOLED,
  ADAPTIVE,
  UNPOOLED;

  /** A fresh instance, so that its figures are one server's alone. */
  public ByteBufAllocator create() {
    return create(leak -> {});
  }

  /** A fresh instance, which tells {@code leaks} of every leak if it has arenas. */
  public ByteBufAllocator create(LeakListener leaks) {
    return switch (this) {
      case ARENA -> ArenaByteBufAllocator.builder().leakListener(leaks).build();
      case POOLED -> new PooledByteBufAllocator(true);
      case ADAPTIVE -> new AdaptiveByteBufAllocator();
      case UNPOOLED -> new UnpooledByteBufAllocator(true);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
