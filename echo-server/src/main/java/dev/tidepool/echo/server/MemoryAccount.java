package dev.tidepool.echo.server;

import org.jspecify.annotations.Nullable;

/**
 * The memory of a server after it stopped, as its allocator measured it.
 *
 * @param used bytes still held from upstream
 * @param arenas what only the arena allocator tells, null for the others
 */
public record MemoryAccount(long used, @Nullable Arenas arenas) {

  /**
   * What the arena allocator counts.
   *
   * @param peak the most bytes held at once
   * @param upstreamAllocations how often memory was asked for upstream
   * @param leaks buffers that were reported as leaked
   */
  public record Arenas(long peak, long upstreamAllocations, long leaks) {}

  /** Whether the promise was kept that all memory goes back; only arenas make it. */
  public boolean kept() {
    return arenas == null || (used == 0 && arenas.leaks() == 0);
  }
}
