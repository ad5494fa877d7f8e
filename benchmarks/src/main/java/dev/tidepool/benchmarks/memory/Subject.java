package dev.tidepool.benchmarks.memory;

import dev.tidepool.allocator.ArenaAllocatorMetric;
import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.benchmarks.AllocatorUnderTest;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;

/**
 * The allocator being measured: one for the whole process, as a server has it, with its defaults.
 * With {@link AllocatorUnderTest#CONNECTION} every connection has an arena of it.
 */
final class Subject {
  /** The arena allocator's default. */
  static final Duration TRIM_INTERVAL = Duration.ofSeconds(1);

  private final AllocatorUnderTest kind;
  private final ByteBufAllocator allocator;

  Subject(AllocatorUnderTest kind) {
    this.kind = kind;
    this.allocator =
        switch (kind) {
          case CONNECTION, ARENA -> ArenaByteBufAllocator.builder().build();
          case POOLED -> new PooledByteBufAllocator(true);
          case ADAPTIVE -> new AdaptiveByteBufAllocator();
          case UNPOOLED -> new UnpooledByteBufAllocator(true);
        };
  }

  boolean hasConnectionArenas() {
    return kind == AllocatorUnderTest.CONNECTION;
  }

  /** What the whole process shares. */
  ByteBufAllocator allocator() {
    return allocator;
  }

  /** What a connection on {@code executor} allocates from. */
  ByteBufAllocator openConnection(EventExecutor executor) {
    return hasConnectionArenas()
        ? ((ArenaByteBufAllocator) allocator).newConnectionArena(executor, this)
        : allocator;
  }

  /** A request of that connection ended: for all but connection arenas, nothing. */
  static void endRequest(ByteBufAllocator connection) {
    if (connection instanceof ConnectionArena arena) {
      arena.reset();
    }
  }

  /** Gives a channel its arena, if there are such. */
  void addTo(ChannelPipeline pipeline) {
    if (hasConnectionArenas()) {
      pipeline.addFirst(new ArenaLifecycleHandler((ArenaByteBufAllocator) allocator));
    }
  }

  /** Bytes that the allocator holds of the system and the heap, by its own account. */
  long heldBytes() {
    ByteBufAllocatorMetric metric = metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }

  /** Bytes of blocks that arenas lease; for allocators without blocks 0. */
  long leasedBytes() {
    return metric() instanceof ArenaAllocatorMetric arenas ? arenas.leasedMemory() : 0;
  }

  private ByteBufAllocatorMetric metric() {
    return ((ByteBufAllocatorMetricProvider) allocator).metric();
  }
}
