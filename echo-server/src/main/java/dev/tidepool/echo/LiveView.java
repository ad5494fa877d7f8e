package dev.tidepool.echo;

import dev.tidepool.echo.live.LatencySource;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.LiveSource;
import dev.tidepool.echo.live.SampleMaker;
import dev.tidepool.echo.live.Sampler;
import dev.tidepool.echo.live.http.PageServer;
import dev.tidepool.echo.trouble.TroubleMaker;
import org.jspecify.annotations.Nullable;

/**
 * The live view of a running server, which the page and the terminal share, with the page and the
 * trouble that its viewers start. Not thread-safe; what it hands out is.
 */
final class LiveView implements AutoCloseable {
  private final LiveSource source;
  private final LatencySource latencies;
  private final LiveSnapshot.Server server;
  private @Nullable Sampler sampler;
  private @Nullable TroubleMaker trouble;
  private @Nullable PageServer page;

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

  /** Lets viewers of the page start trouble. */
  void add(TroubleMaker.Target target) {
    trouble = new TroubleMaker(target);
  }

  /** What starts trouble; null if viewers may not. */
  @Nullable TroubleMaker trouble() {
    return trouble;
  }

  void add(PageServer opened) {
    page = opened;
  }

  @Override
  public void close() {
    if (page != null) {
      page.close();
    }
    if (trouble != null) {
      trouble.close();
    }
    if (sampler != null) {
      sampler.close();
    }
  }
}
