package dev.tidepool.allocator;

/**
 * A live view of what a {@link ConnectionArena} holds and did, without its children. Any thread may
 * ask, and the event loop does not wait for it. On the event loop figures are exact, except for
 * what other threads allocated; elsewhere each is a recent value. None is ever another
 * connection's. A figure costs a few reads unless it says otherwise. {@link
 * ArenaByteBufAllocator#connections} gives all of them at once.
 */
public interface ConnectionArenaMetric {
  /**
   * {@return the number of requests that ended: resets before which something had been allocated}
   */
  long requests();

  /** {@return the number of resets, the one in {@link ConnectionArena#close()} included} */
  long resets();

  /** {@return bytes handed out in all requests that ended} */
  long allocatedBytes();

  /** {@return bytes handed out in the request that took most} */
  long peakRequestBytes();

  /** {@return the number of blocks held now} */
  int leasedBlocks();

  /**
   * {@return the most bytes of blocks ever held at once} Exact for what the event loop allocated;
   * to that the most is added that other threads' allocations held.
   */
  long peakHeldBytes();

  /** {@return bytes of the blocks held now that count against the budget} */
  long chargedBytes();

  /**
   * {@return bytes of memory held now that overflowed: they count against no budget, and are not in
   * {@link #chargedBytes()}}
   */
  long overflowBytes();

  /** {@return the number of allocations that a budget refused} */
  long refusals();

  /** {@return the number of times that pressure began, at which the handler pauses reading} */
  long pauses();

  /**
   * {@return the number of living buffers, stragglers included} Walks the blocks held and their
   * buffers.
   */
  int liveBuffers();

  /**
   * {@return the number of living buffers that outlived their request; all of them after the close}
   * Walks the blocks held and their buffers.
   */
  int stragglers();
}
