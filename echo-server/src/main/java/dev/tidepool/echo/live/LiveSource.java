package dev.tidepool.echo.live;

/** Where a sampler reads a server's figures. */
@FunctionalInterface
public interface LiveSource {
  /**
   * Reads the figures as they are now, without stopping an event loop. Called on the sampler's
   * thread alone.
   *
   * @param limit the most connections to list
   */
  Reading read(int limit);
}
