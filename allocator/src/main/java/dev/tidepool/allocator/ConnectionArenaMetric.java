package dev.tidepool.allocator;

/**
 * What a {@link ConnectionArena} holds and did. To be read on its event loop; elsewhere the figures
 * may be a little old.
 */
public interface ConnectionArenaMetric {
  /** Requests that ended: resets before which something had been allocated. */
  long requests();

  /** Calls of {@link ConnectionArena#reset()}, the one in {@code close()} included. */
  long resets();

  /** Bytes handed out in the requests that ended. */
  long allocatedBytes();

  /** Bytes handed out in the request that took most. */
  long peakRequestBytes();

  /** Blocks held now. */
  int leasedBlocks();

  /** Bytes of the blocks held now: what counts against the budget. */
  long chargedBytes();

  /**
   * Bytes of memory held now that overflowed: it is outside of every budget, and not in {@link
   * #chargedBytes()}.
   */
  long overflowBytes();

  /** Allocations that a budget refused. */
  long refusals();

  /** How often the connection came under pressure, upon which its handler pauses reading. */
  long pauses();

  /** Buffers alive now that outlived their request. Walks the blocks held: event loop only. */
  int stragglers();
}
