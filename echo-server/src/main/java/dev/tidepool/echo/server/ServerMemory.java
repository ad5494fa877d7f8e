package dev.tidepool.echo.server;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.echo.protocol.Protocol;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A server's allocator, and the memory that it holds by that allocator's own metric. */
public final class ServerMemory {
  private static final long POLL_MILLIS = 5;

  private final ByteBufAllocator allocator;
  private final ByteBufAllocatorMetric metric;
  private final @Nullable ArenaByteBufAllocator arenas;
  private final LongAdder provokedLeaks = new LongAdder();
  private long idle;

  public ServerMemory(ByteBufAllocator allocator) {
    this.allocator = allocator;
    this.metric = metricOf(allocator);
    this.arenas = allocator instanceof ArenaByteBufAllocator arena ? arena : null;
  }

  private static ByteBufAllocatorMetric metricOf(ByteBufAllocator allocator) {
    if (allocator instanceof ByteBufAllocatorMetricProvider provider) {
      return provider.metric();
    }
    throw new IllegalArgumentException(
        "allocator " + allocator + " has no metric, expected a ByteBufAllocatorMetricProvider");
  }

  /** The allocator, which the metric is of. */
  public ByteBufAllocator allocator() {
    return allocator;
  }

  /** The allocator, if it has arenas; else null. */
  public @Nullable ArenaByteBufAllocator arenas() {
    return arenas;
  }

  /** Adds the handler that gives a connection its arena, if the allocator has arenas. */
  void addArenaHandler(ChannelPipeline pipeline) {
    if (arenas != null) {
      pipeline.addFirst(new ArenaLifecycleHandler(arenas));
    }
  }

  /** Adds a boundary by messages, if there is one and the allocator has arenas to reset. */
  void addBoundary(ChannelPipeline pipeline, Optional<ChannelHandler> boundary) {
    if (arenas != null) {
      boundary.ifPresent(handler -> pipeline.addLast(Protocol.BOUNDARY, handler));
    }
  }

  /**
   * So many buffers that were reported as leaked had been asked for, to see the reports, and have
   * been released: the server has lost nothing. Any thread.
   */
  public void leaksProvoked(int buffers) {
    provokedLeaks.add(buffers);
  }

  /** The bytes of upstream memory held now, direct and heap. */
  public long used() {
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }

  /** The bytes of direct upstream memory held now. */
  long usedDirect() {
    return metric.usedDirectMemory();
  }

  /** The bytes of heap upstream memory held now. */
  long usedHeap() {
    return metric.usedHeapMemory();
  }

  /** Gives idle memory back upstream. */
  void trim() {
    if (arenas != null) {
      idle = arenas.metric().pooledMemory();
      arenas.trim();
    }
  }

  /**
   * Waits until no memory is held, for the last may be released by another thread; then measures.
   */
  MemorySummary summary(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (used() != 0 && arenas != null && System.nanoTime() - deadline < 0) {
      pause();
    }
    return measure();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private MemorySummary measure() {
    if (arenas == null) {
      return new MemorySummary(used(), resident(), null);
    }
    var arenaMetric = arenas.metric();
    return new MemorySummary(
        used(),
        resident(),
        new MemorySummary.Arenas(
            arenaMetric.peakMemory(),
            arenaMetric.upstreamAllocations(),
            arenaMetric.leaks(),
            provokedLeaks.sum(),
            idle,
            arenaMetric.lastNativeTrim()));
  }

  /** The resident bytes of this process, whichever allocator the server has. */
  public static long resident() {
    return ArenaByteBufAllocator.DEFAULT.metric().residentMemory();
  }
}
