package dev.tidepool.allocator;

/**
 * A live view of what a {@link ConnectionArena} holds and did, without its children. To be read on
 * the event loop; elsewhere each figure is a recent value.
 */
public interface ConnectionArenaMetric {
  /** The number of requests that ended: resets before which something had been allocated. */
  long requests();

  /** The number of resets, the one in {@link ConnectionArena#close()} included. */
  long resets();

  /** Bytes handed out in all requests that ended. */
  long allocatedBytes();

  /** Bytes handed out in the request that took most. */
  long peakRequestBytes();

  /** The number of blocks held now. */
  int leasedBlocks();

  /** Bytes of the blocks held now that count against the budget. */
  long chargedBytes();

  /**
   * Bytes of memory held now that overflowed: they count against no budget, and are not in {@link
   * #chargedBytes()}.
   */
  long overflowBytes();

  /** The number of allocations that a budget refused. */
  long refusals();

  /** The number of times that pressure began, at which the handler pauses reading. */
  long pauses();

  /**
   * The number of living buffers that outlived their request. Walks the blocks held. Event loop
   * only; other threads may miss some.
   */
  int stragglers();
}
