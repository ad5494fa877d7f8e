package dev.tidepool.echo.server;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.echo.transport.LoopCpu;

/**
 * Makes the figures of a server's process. Any thread but an event loop of the server's, which it
 * does not stop; with arenas it walks over all of them.
 */
public final class ServerFiguresSource {
  private final String allocator;
  private final ServerMemory memory;
  private final ServerTotals totals;
  private final LoopCpu loops;

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
        stragglers(),
        leaks(),
        ProcessFigures.gcCount(),
        ProcessFigures.gcNanos());
  }

  private long stragglers() {
    ArenaByteBufAllocator arenas = memory.arenas();
    return arenas == null ? 0 : arenas.connections(0, ConnectionOrder.HEAVIEST).stragglers();
  }

  private long leaks() {
    ArenaByteBufAllocator arenas = memory.arenas();
    return arenas == null ? 0 : arenas.metric().leaks();
  }
}
