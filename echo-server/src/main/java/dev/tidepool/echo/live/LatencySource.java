package dev.tidepool.echo.live;

/** Where a sampler reads the latency of a server's requests. */
@FunctionalInterface
public interface LatencySource {
  /** Measures nothing. */
  LatencySource NONE = () -> Latency.NONE;

  /**
   * The latency of the requests that ended since the call before. On the sampler's thread alone.
   */
  Latency take();
}
