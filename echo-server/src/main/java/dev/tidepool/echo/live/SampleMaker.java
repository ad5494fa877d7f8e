package dev.tidepool.echo.live;

import dev.tidepool.allocator.PoolSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Makes samples of a server: what it reads now, and rates from what it read before. Not
 * thread-safe.
 */
public final class SampleMaker {
  /** The number of connections listed in a sample. */
  public static final int CONNECTIONS = 100;

  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LATELY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LiveSource source;
  private final LatencySource latencies;
  private final LiveSnapshot.Server server;
  private final SampleClock clock;
  private final int limit;
  private final SlidingTotal requests = new SlidingTotal(SECOND_NANOS);
  private final SlidingTotal resets = new SlidingTotal(SECOND_NANOS);
  private final Map<String, SlidingTotal> trimmed = new HashMap<>();
  private Latency latency = Latency.NONE;
  private long latencyNanos;
  private long lastNanos;
  private int walked;

  /** Whose rates are those of the last second. */
  public SampleMaker(LiveSource source, LatencySource latencies, LiveSnapshot.Server server) {
    this(source, latencies, server, SampleClock.SYSTEM, CONNECTIONS);
  }

  /** Whose samples list no connections and have no latencies. */
  public static SampleMaker ofTotals(LiveSource source, LiveSnapshot.Server server) {
    return new SampleMaker(source, LatencySource.NONE, server, SampleClock.SYSTEM, 0);
  }

  /**
   * @param limit the most connections listed
   */
  SampleMaker(
      LiveSource source,
      LatencySource latencies,
      LiveSnapshot.Server server,
      SampleClock clock,
      int limit) {
    this.source = source;
    this.latencies = latencies;
    this.server = server;
    this.clock = clock;
    this.limit = limit;
    this.lastNanos = clock.nanos();
    this.latencyNanos = lastNanos;
  }

  /** Takes a sample. */
  public LiveSnapshot next() {
    Reading reading = source.read(limit);
    long now = clock.nanos();
    requests.record(now, reading.requests());
    resets.record(now, reading.resets());
    takeLatency(now);
    LiveSnapshot sample = sample(reading, loops(reading.pools(), now), now);
    walked = reading.walked();
    lastNanos = now;
    return sample;
  }

  /** The number of arenas that the last sample looked at. */
  int walked() {
    return walked;
  }

  /**
   * Once a second, however many samples are taken: a tenth of it has no percentiles to speak of.
   */
  private void takeLatency(long now) {
    if (now - latencyNanos >= SECOND_NANOS) {
      latency = latencies.take();
      latencyNanos = now;
    }
  }

  private LiveSnapshot sample(Reading reading, List<LiveSnapshot.Loop> loops, long now) {
    long millis = clock.millis();
    return new LiveSnapshot(
        millis,
        TimeUnit.NANOSECONDS.toMillis(now - lastNanos),
        header(reading),
        loops,
        reading.heaviest(),
        point(reading, millis),
        server);
  }

  private LiveSnapshot.Header header(Reading reading) {
    return new LiveSnapshot.Header(
        reading.connections(),
        requests.perSecond(),
        resets.perSecond(),
        reading.residentBytes(),
        reading.upstreamBytes(),
        reading.leasedBytes(),
        reading.idleBytes(),
        reading.liveBuffers(),
        reading.stragglers(),
        reading.refusals(),
        reading.leaks());
  }

  private LiveSnapshot.Point point(Reading reading, long millis) {
    return new LiveSnapshot.Point(
        millis,
        reading.residentBytes(),
        reading.upstreamBytes(),
        reading.leasedBytes(),
        reading.liveBytes(),
        requests.perSecond(),
        resets.perSecond(),
        latency.p50Nanos(),
        latency.p99Nanos(),
        latency.maxNanos());
  }

  private List<LiveSnapshot.Loop> loops(List<PoolSnapshot> pools, long now) {
    trimmed.keySet().retainAll(pools.stream().map(PoolSnapshot::name).collect(Collectors.toSet()));
    return pools.stream().map(pool -> loop(pool, now)).toList();
  }

  private LiveSnapshot.Loop loop(PoolSnapshot pool, long now) {
    SlidingTotal lately =
        trimmed.computeIfAbsent(pool.name(), name -> new SlidingTotal(LATELY_NANOS));
    lately.record(now, pool.trimmedBytes());
    return new LiveSnapshot.Loop(
        pool.name(),
        pool.lane(),
        pool.idleBytes(),
        pool.leasedBytes(),
        pool.trimmedBytes(),
        lately.growth(),
        pool.idle());
  }
}
