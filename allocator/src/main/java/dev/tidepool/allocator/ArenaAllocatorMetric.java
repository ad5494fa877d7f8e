package dev.tidepool.allocator;

import io.netty.buffer.ByteBufAllocatorMetric;
import java.util.Optional;

/**
 * A live view of what an {@link ArenaByteBufAllocator} holds and did. Thread-safe: any thread may
 * ask, no event loop waits for it, and it waits for none. A figure is exact while no thread
 * allocates or releases, and a recent value otherwise. Figures are bytes or counts; those of what
 * happened begin with the allocator and never fall. Each is read when it is asked for, at the cost
 * of a few reads for each event loop unless it says otherwise.
 *
 * <pre>
 *   usedDirectMemory + usedHeapMemory == pooledMemory + leasedMemory + what alignment takes
 * </pre>
 */
public interface ArenaAllocatorMetric extends ByteBufAllocatorMetric {
  /** Bytes of heap memory held from upstream now. */
  @Override
  long usedHeapMemory();

  /** Bytes of direct memory held from upstream now. */
  @Override
  long usedDirectMemory();

  /** {@return the most bytes, direct and heap together, ever held from upstream at once} */
  long peakMemory();

  /** {@return the number of times that memory was allocated from upstream} */
  long upstreamAllocations();

  /** {@return bytes of blocks that lie idle in the block pools} */
  long pooledMemory();

  /**
   * {@return bytes of this process in physical memory (RSS), the Java heap and all else included:
   * the figure that containers are killed by} Each call reads it from the operating system, in some
   * microseconds; -1 except on Linux.
   */
  long residentMemory();

  /**
   * {@return the last time that the C library gave free memory back to the operating system at the
   * request of any allocator of this process, see {@code nativeTrimThreshold}; empty if it never
   * did}
   */
  Optional<NativeTrim> lastNativeTrim();

  /** {@return bytes of blocks that arenas hold, those that only stragglers hold included} */
  long leasedMemory();

  /**
   * {@return bytes that count against the global budget; 0 if there is none} {@link
   * #leasedMemory()} less {@link #overflowMemory()}.
   */
  long chargedMemory();

  /** {@return bytes of leased memory that overflowed and so count against no budget} */
  long overflowMemory();

  /** {@return the number of allocations that a budget refused} */
  long refusals();

  /** {@return the number of connection arenas that are open, children included} */
  int openArenas();

  /**
   * {@return the number of buffers and holds reported as leaked, without what Netty's detection
   * reports}
   */
  long leaks();

  /**
   * {@return bytes of idle blocks that trims, by the clock or by a call, have given back upstream}
   */
  long trimmedMemory();

  /**
   * {@return the number of requests that ended in connection arenas, closed ones included} Costs a
   * look at each open arena.
   */
  long requests();

  /**
   * {@return the number of resets of connection arenas, closed ones included} Costs a look at each
   * open arena.
   */
  long resets();

  /**
   * {@return the number of living buffers: of connections, open and closed, and of the shared
   * allocator} Costs a look at each connection arena and at each block and buffer in those that
   * hold any, as {@link ArenaByteBufAllocator#connections} does: milliseconds with thousands of
   * busy connections. Ask once a second, not once a request.
   */
  long liveBuffers();

  /**
   * {@return the number of connections' living buffers that outlived their request} Costs as much
   * as {@link #liveBuffers()}.
   */
  long stragglers();
}
