package dev.tidepool.allocator;

/**
 * The choice of buffers for which it is recorded where they were allocated and last touched, for
 * leak reports, {@link ConnectionArena#survivors} and {@link ConnectionArena#dump()}.
 *
 * <p>Which buffers leak is known without; recording adds the line of code. It covers the buffers of
 * {@link ConnectionArena}s, not those of the shared allocator, which are sampled apart.
 */
public enum Recording {
  /** No buffer. Costs nothing. The default. */
  OFF,

  /**
   * One buffer in 128, picked at random: as many as Netty's leak detection samples at its default.
   * A leak that recurs is recorded sooner or later.
   */
  SAMPLED,

  /** Every buffer. Takes a stack trace for every allocation and every {@code touch}: for tests. */
  ALL
}
