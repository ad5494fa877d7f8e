package dev.tidepool.allocator;

/**
 * The orders in which {@link ArenaByteBufAllocator#connections} lists connection arenas, each with
 * the greatest first.
 */
public enum ConnectionOrder {
  /** By bytes of the blocks held. */
  HEAVIEST,

  /** By bytes of the blocks that outlived a request. */
  STRAGGLING,

  /** By the number of allocations that a budget refused. */
  REFUSED,

  /** By the number of requests that ended. */
  BUSIEST,

  /** By the time since they were opened. */
  OLDEST
}
