package dev.tidepool.echo.load.live;

import org.jspecify.annotations.Nullable;

/**
 * The figures of a running load at one time; rates and latencies are those since the moment before.
 *
 * @param elapsedNanos since the load began, the warm-up included
 * @param share of the load that is done, from 0 to 1; below 0 if its end is not known
 * @param warmingUp whether what is measured has not begun
 * @param offeredPerSecond the schedule's; null without one
 * @param achievedPerSecond requests answered
 * @param inFlight requests that wait for their answers
 * @param p50Nanos 0 where no request was answered, as the others
 * @param errors so far
 * @param clientCores CPU that this process used: 1.0 is all of a core
 * @param server what the server's process used; null where that is not known
 */
public record LoadMoment(
    long elapsedNanos,
    double share,
    boolean warmingUp,
    @Nullable Double offeredPerSecond,
    double achievedPerSecond,
    long inFlight,
    long p50Nanos,
    long p99Nanos,
    long maxNanos,
    long errors,
    double clientCores,
    @Nullable Server server) {

  /**
   * The server's side.
   *
   * @param cores CPU that its process used: 1.0 is all of a core
   * @param residentBytes -1 where it is not known
   * @param upstreamBytes that its allocator held; -1 where it is not known
   */
  public record Server(double cores, long residentBytes, long upstreamBytes) {}
}
