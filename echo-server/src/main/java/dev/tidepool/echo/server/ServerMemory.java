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
  private final @Nullable ByteBufAllocatorMetric metric;
  private final @Nullable ArenaByteBufAllocator arenas;
  private final boolean connectionArenas;
  private final LongAdder provokedLeaks = new LongAdder();
  private long idle;

  /** Each connection has an arena of its own, if the allocator has arenas. */
  public ServerMemory(ByteBufAllocator allocator) {
    this(allocator, true);
  }

  /**
   * @param connectionArenas whether each connection has an arena of its own, if the allocator has
   *     arenas; else it serves all of them alone, as any other allocator does
   */
  public ServerMemory(ByteBufAllocator allocator, boolean connectionArenas) {
    this.allocator = allocator;
    this.metric =
        allocator instanceof ByteBufAllocatorMetricProvider provider ? provider.metric() : null;
    this.arenas = allocator instanceof ArenaByteBufAllocator arena ? arena : null;
    this.connectionArenas = connectionArenas && arenas != null;
  }

  /** The allocator, which the metric is of. */
  public ByteBufAllocator allocator() {
    return allocator;
  }

  /** The allocator, if it has arenas; else null. */
  public @Nullable ArenaByteBufAllocator arenas() {
    return arenas;
  }

  /** Whether each connection has an arena of its own. */
  public boolean hasConnectionArenas() {
    return connectionArenas;
  }

  /** Adds the handler that gives a connection its arena, if connections have arenas. */
  void addArenaHandler(ChannelPipeline pipeline) {
    if (connectionArenas && arenas != null) {
      pipeline.addFirst(new ArenaLifecycleHandler(arenas));
    }
  }

  /** Adds a boundary by messages, if there is one and connections have arenas to reset. */
  void addBoundary(ChannelPipeline pipeline, Optional<ChannelHandler> boundary) {
    if (connectionArenas) {
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

  /** The bytes of upstream memory held now, direct and heap; -1 if the allocator has no metric. */
  public long used() {
    return metric == null ? -1 : metric.usedDirectMemory() + metric.usedHeapMemory();
  }

  /** The bytes of direct memory held upstream now; -1 if the allocator has no metric. */
  public long usedDirect() {
    return metric == null ? -1 : metric.usedDirectMemory();
  }

  /** The bytes of heap memory held upstream now; -1 if the allocator has no metric. */
  public long usedHeap() {
    return metric == null ? -1 : metric.usedHeapMemory();
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
