package dev.tidepool.echo.server;

import dev.tidepool.allocator.NativeTrim;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a server after it stopped, as its allocator measured it.
 *
 * @param used bytes still held from upstream
 * @param resident bytes of the process in physical memory, -1 where the system does not say
 * @param arenas what only the arena allocator tells, null for the others
 */
public record MemoryAccount(long used, long resident, @Nullable Arenas arenas) {

  /**
   * What the arena allocator counts.
   *
   * @param peak the most bytes held at once
   * @param upstreamAllocations how often memory was asked for upstream
   * @param leaks buffers that were reported as leaked
   * @param idle bytes that lay idle in the block pools before the server gave them back
   * @param nativeTrim the last time that freed memory went back to the operating system
   */
  public record Arenas(
      long peak,
      long upstreamAllocations,
      long leaks,
      long idle,
      Optional<NativeTrim> nativeTrim) {}

  /** Whether the promise was kept that all memory goes back; only arenas make it. */
  public boolean kept() {
    return arenas == null || (used == 0 && arenas.leaks() == 0);
  }
}
