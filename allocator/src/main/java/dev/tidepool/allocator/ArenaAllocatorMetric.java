package dev.tidepool.allocator;

import io.netty.buffer.ByteBufAllocatorMetric;
import java.util.Optional;

/**
 * What an {@link ArenaByteBufAllocator} holds and did. Thread-safe; each figure is exact when
 * nothing is being allocated or released, and a recent one otherwise.
 */
public interface ArenaAllocatorMetric extends ByteBufAllocatorMetric {
  /** Bytes of heap memory held from upstream now. */
  @Override
  long usedHeapMemory();

  /** Bytes of direct memory held from upstream now. */
  @Override
  long usedDirectMemory();

  /** The most bytes, direct and heap together, ever held from upstream at once. */
  long peakMemory();

  /** How often upstream was asked for memory. */
  long upstreamAllocations();

  /** Bytes of blocks that lie idle in the block pools. */
  long pooledMemory();

  /**
   * Bytes of this process in physical memory, the Java heap and all else included (RSS): what a
   * container is killed by. Read from the operating system, in some microseconds; -1 where that is
   * not Linux.
   */
  long residentMemory();

  /**
   * The last time that the C library was made to give free memory back to the operating system, by
   * whichever allocator of this process: see {@code nativeTrimThreshold}.
   */
  Optional<NativeTrim> lastNativeTrim();

  /** Bytes of blocks that arenas hold: in use, or held by stragglers. */
  long leasedMemory();

  /**
   * Bytes that count against the global budget; 0 if there is none. {@link #leasedMemory()} less
   * {@link #overflowMemory()}.
   */
  long chargedMemory();

  /** Bytes of leased memory that overflowed: outside of every budget. */
  long overflowMemory();

  /** Allocations that a budget refused. */
  long refusals();

  /** Connection arenas that are open. */
  int openArenas();

  /** Buffers reported as leaked. */
  long leaks();
}
