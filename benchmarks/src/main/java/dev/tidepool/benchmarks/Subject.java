package dev.tidepool.benchmarks;

import dev.tidepool.allocator.ArenaAllocatorMetric;
import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.allocator.ConnectionArena;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;

/**
 * The allocator being measured: one for the whole process, as a server has it. With {@link
 * AllocatorUnderTest#CONNECTION} every connection has an arena of it.
 */
public final class Subject {
  /** The arena allocator's default. */
  public static final Duration TRIM_INTERVAL = Duration.ofSeconds(1);

  private final AllocatorUnderTest kind;
  private final ByteBufAllocator allocator;

  public Subject(AllocatorUnderTest kind) {
    this.kind = kind;
    this.allocator = kind.create();
  }

  public boolean hasConnectionArenas() {
    return kind == AllocatorUnderTest.CONNECTION;
  }

  /** What the whole process shares. */
  public ByteBufAllocator allocator() {
    return allocator;
  }

  /** What a connection on {@code executor} allocates from. */
  public ByteBufAllocator openConnection(EventExecutor executor) {
    return hasConnectionArenas()
        ? ((ArenaByteBufAllocator) allocator).newConnectionArena(executor, this)
        : allocator;
  }

  /** Ends a request of that connection: for all but connection arenas, nothing. */
  public static void endRequest(ByteBufAllocator connection) {
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
  public long heldBytes() {
    ByteBufAllocatorMetric metric = metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }

  /** Bytes of blocks that arenas lease; for allocators without blocks 0. */
  public long leasedBytes() {
    return metric() instanceof ArenaAllocatorMetric arenas ? arenas.leasedMemory() : 0;
  }

  private ByteBufAllocatorMetric metric() {
    return ((ByteBufAllocatorMetricProvider) allocator).metric();
  }
}
