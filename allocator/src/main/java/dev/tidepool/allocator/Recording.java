package dev.tidepool.allocator;

/**
 * Of which buffers of connection arenas it is recorded where they were allocated and last touched,
 * for leak reports, {@link ConnectionArena#survivors} and {@link ConnectionArena#dump()}.
 *
 * <p>Which buffers leak is known without; recording says whose line of code it was. It covers what
 * {@link ConnectionArena}s hand out, not what the shared allocator does, which Netty's own leak
 * detection watches.
 */
public enum Recording {
  /** Of none. Costs nothing. */
  OFF,

  /**
   * Of one in 128, picked at random: as many as Netty's leak detection samples at its default. A
   * leak in something that happens often has its story sooner or later.
   */
  SAMPLED,

  /** Of all. Takes a stack trace for every allocation and every {@code touch}: for tests. */
  ALL
}
