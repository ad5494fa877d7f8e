package dev.tidepool.echo.server;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Locale;
import java.util.function.Consumer;

/** The allocators that a server can have: the values of {@code --allocator}. */
public enum AllocatorChoice {
  ARENA,
  POOLED,
  ADAPTIVE,
  UNPOOLED;

  /** A fresh instance, so that its figures are one server's alone. */
  public ByteBufAllocator create() {
    return create(builder -> {});
  }

  /**
   * A fresh instance.
   *
   * @param options sets those of an allocator with arenas
   */
  public ByteBufAllocator create(Consumer<ArenaByteBufAllocator.Builder> options) {
    return switch (this) {
      case ARENA -> {
        ArenaByteBufAllocator.Builder builder = ArenaByteBufAllocator.builder();
        options.accept(builder);
        yield builder.build();
      }
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
