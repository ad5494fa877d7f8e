package dev.tidepool.echo.live;

import java.util.concurrent.TimeUnit;

/** How often all connections may be looked at: the more there are, the more seldom. */
public final class WalkPace {
  /** The most connections looked at in a second. */
  public static final int PER_SECOND = 20_000;

  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private WalkPace() {}

  /**
   * The time from one walk to the next.
   *
   * @param least the least, in nanoseconds
   * @param walked the connections that a walk looks at
   */
  public static long intervalNanos(long least, int walked) {
    return Math.max(least, walked * SECOND_NANOS / PER_SECOND);
  }
}
