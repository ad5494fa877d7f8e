package dev.tidepool.echo.server;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.allocator.ConnectionSnapshot;
import dev.tidepool.allocator.ConnectionWalk;
import dev.tidepool.echo.transport.LoopCpu;
import org.jspecify.annotations.Nullable;

/**
 * Makes the figures of a server's process. Any thread but an event loop of the server's, which it
 * does not stop; with arenas it walks over all of them.
 */
public final class ServerFiguresSource {
  private final String allocator;
  private final ServerMemory memory;
  private final ServerTotals totals;
  private final LoopCpu loops;

  /** What an allocator has to say that has arenas. */
  private record Arenas(long open, long stragglers, long buffersOfClosed, long leaks) {
    static Arenas of(@Nullable ArenaByteBufAllocator allocator) {
      if (allocator == null) {
        return new Arenas(0, 0, 0, 0);
      }
      int open = allocator.metric().openArenas(); // first: what closes meanwhile is looked at
      ConnectionWalk walk = allocator.connections(0, ConnectionOrder.HEAVIEST);
      return new Arenas(
          open,
          walk.stragglers(),
          walk.connections() > open ? buffersOfClosed(allocator) : 0,
          allocator.metric().leaks());
    }

    /** Makes a snapshot of each arena. */
    private static long buffersOfClosed(ArenaByteBufAllocator allocator) {
      return allocator.connections(Integer.MAX_VALUE, ConnectionOrder.HEAVIEST).first().stream()
          .filter(ConnectionSnapshot::closed)
          .mapToLong(ConnectionSnapshot::liveBuffers)
          .sum();
    }
  }

  /**
   * @param allocator the name by which it was chosen
   */
  ServerFiguresSource(String allocator, ServerMemory memory, ServerTotals totals, LoopCpu loops) {
    this.allocator = allocator;
    this.memory = memory;
    this.totals = totals;
    this.loops = loops;
  }

  /** The figures as they are now. */
  public ServerFigures read() {
    Arenas arenas = Arenas.of(memory.arenas());
    return new ServerFigures(
        ProcessHandle.current().pid(),
        allocator,
        totals.requests(),
        ProcessFigures.cpuNanos(),
        loops.totalNanos(),
        ProcessFigures.javaCpuNanos(),
        ServerMemory.resident(),
        ProcessFigures.peakResidentBytes(),
        memory.usedDirect(),
        memory.usedHeap(),
        arenas.open(),
        arenas.stragglers(),
        arenas.buffersOfClosed(),
        arenas.leaks(),
        ProcessFigures.gcCount(),
        ProcessFigures.gcNanos());
  }
}
