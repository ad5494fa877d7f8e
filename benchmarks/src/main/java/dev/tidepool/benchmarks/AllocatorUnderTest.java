package dev.tidepool.benchmarks;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The allocators that every suite compares, each with its own defaults. */
public enum AllocatorUnderTest {
  /** A connection's arena, with resets. */
  CONNECTION,

  /** The shared allocator that the arenas belong to. */
  ARENA,

  POOLED,
  ADAPTIVE,
  UNPOOLED,

  /** The one whose class {@link NamedAllocator#PROPERTY} names; measured only if asked for. */
  NAMED;

  /** Those that every suite has among its parameters. */
  public static Set<AllocatorUnderTest> always() {
    return EnumSet.complementOf(EnumSet.of(NAMED));
  }

  /** A fresh one, as a whole process shares it. */
  ByteBufAllocator create() {
    return switch (this) {
      case CONNECTION, ARENA -> ArenaByteBufAllocator.builder().build();
      case POOLED -> new PooledByteBufAllocator(true);
      case ADAPTIVE -> new AdaptiveByteBufAllocator();
      case UNPOOLED -> new UnpooledByteBufAllocator(true);
      case NAMED -> NamedAllocator.create();
    };
  }

  /** As tables call it. */
  public String words() {
    return name().toLowerCase(Locale.ROOT);
  }
}
