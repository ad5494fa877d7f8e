package dev.tidepool.echo.server;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server's allocator, and what that allocator itself says about the memory it holds. */
public final class ServerMemory {
  private static final long POLL_MILLIS = 5;

  private final ByteBufAllocator allocator;
  private final ByteBufAllocatorMetric metric;
  private final @Nullable ArenaByteBufAllocator arenas;
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
        "allocator " + allocator + " has no metric, expected one that tells the memory it holds");
  }

  ByteBufAllocator allocator() {
    return allocator;
  }

  /** Gives a connection its arena, if the allocator has arenas: first in the pipeline. */
  void install(ChannelPipeline pipeline) {
    if (arenas != null) {
      pipeline.addFirst(new ArenaLifecycleHandler(arenas));
    }
  }

  /** The bytes of upstream memory held now, direct and heap. */
  public long used() {
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }

  /** Gives idle memory back upstream. */
  void trim() {
    if (arenas != null) {
      idle = arenas.metric().pooledMemory();
      arenas.trim();
    }
  }

  /** Waits until no memory is held, as the last may come back on another thread, then measures. */
  MemoryAccount account(Duration patience) {
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

  private MemoryAccount measure() {
    if (arenas == null) {
      return new MemoryAccount(used(), resident(), null);
    }
    var arenaMetric = arenas.metric();
    return new MemoryAccount(
        used(),
        resident(),
        new MemoryAccount.Arenas(
            arenaMetric.peakMemory(),
            arenaMetric.upstreamAllocations(),
            arenaMetric.leaks(),
            idle,
            arenaMetric.lastNativeTrim()));
  }

  /** The process's, whichever allocator serves. */
  public static long resident() {
    return ArenaByteBufAllocator.DEFAULT.metric().residentMemory();
  }
}
