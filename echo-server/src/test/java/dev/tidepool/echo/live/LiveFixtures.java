package dev.tidepool.echo.live;

import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.allocator.PoolSnapshot;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server's figures, and clocks, that a test sets. */
final class LiveFixtures implements LiveSource, SampleClock {
  static final LiveSnapshot.Server SERVER =
      new LiveSnapshot.Server("framed", "epoll", "arena", "127.0.0.1:7007", false, "off");

  volatile long nanos = TimeUnit.DAYS.toNanos(1);
  volatile long requests;
  volatile long resets;
  volatile int walked;
  volatile long trimmed;
  volatile boolean failing;
  volatile int reads;

  synchronized void passMillis(long millis) {
    nanos += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Override
  public synchronized Reading read(int limit) {
    reads++;
    if (failing) {
      throw new IllegalStateException("no figures");
    }
    return new Reading(
        walked, walked, requests, resets, 1, 2, 3, 4, 5, 6, 7, 8, 9, List.of(pool()), List.of());
  }

  @Override
  public List<LiveSnapshot.Connection> connections(int limit, ConnectionOrder order) {
    return List.of();
  }

  private PoolSnapshot pool() {
    return new PoolSnapshot(
        "loop-1",
        false,
        16_384,
        32_768,
        trimmed,
        List.of(new PoolSnapshot.IdleClass(16_384, true, 1)));
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public long millis() {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  SampleMaker maker() {
    return maker(LatencySource.NONE);
  }

  SampleMaker maker(LatencySource latencies) {
    return new SampleMaker(this, latencies, SERVER, this, SampleMaker.CONNECTIONS);
  }
}
