package dev.tidepool.echo;

import dev.tidepool.echo.live.LatencySource;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.LiveSource;
import dev.tidepool.echo.live.SampleMaker;
import dev.tidepool.echo.live.Sampler;
import org.jspecify.annotations.Nullable;

/**
 * The live view of a running server, which the page and the terminal share. Not thread-safe; what
 * it hands out is.
 */
final class LiveView implements AutoCloseable {
  private final LiveSource source;
  private final LatencySource latencies;
  private final LiveSnapshot.Server server;
  private @Nullable Sampler sampler;

  LiveView(LiveSource source, LatencySource latencies, LiveSnapshot.Server server) {
    this.source = source;
    this.latencies = latencies;
    this.server = server;
  }

  LiveSource source() {
    return source;
  }

  /** Makes samples of the totals, apart from the sampler. */
  SampleMaker totals() {
    return SampleMaker.ofTotals(source, server);
  }

  /** The sampler, which starts when it is first asked for. */
  Sampler sampler() {
    if (sampler == null) {
      sampler = new Sampler(new SampleMaker(source, latencies, server));
    }
    return sampler;
  }

  @Override
  public void close() {
    if (sampler != null) {
      sampler.close();
    }
  }
}
