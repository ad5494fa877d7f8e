package dev.tidepool.echo.live;

/**
 * The latency of the requests that ended in some time, from the first byte read to the last byte
 * flushed; in nanoseconds, 0 where none ended.
 */
public record Latency(long p50Nanos, long p99Nanos, long maxNanos) {
  /** No request ended. */
  public static final Latency NONE = new Latency(0, 0, 0);
}
