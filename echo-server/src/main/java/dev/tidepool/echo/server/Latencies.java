package dev.tidepool.echo.server;

import dev.tidepool.echo.live.Latency;
import dev.tidepool.echo.live.LatencySource;
import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * The latencies of a server's requests. Each event loop counts in a histogram of its own, without a
 * lock; the reader exchanges it for an empty one, and waits for the loop in doing so, not the loop
 * for the reader.
 */
public final class Latencies implements ConnectionProbe, LatencySource {
  static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final long SHORTEST_NANOS = 100;
  private static final int SIGNIFICANT_DIGITS = 2;

  private final Map<EventExecutor, SingleWriterRecorder> loops = new ConcurrentHashMap<>();

  @Override
  public Runnable watch(ChannelPipeline pipeline, RequestProgress progress) {
    LatencyHandler handler =
        new LatencyHandler(
            loops.computeIfAbsent(pipeline.channel().eventLoop(), loop -> newRecorder()), progress);
    pipeline.addFirst("latency", handler);
    return handler::answered;
  }

  private static SingleWriterRecorder newRecorder() {
    return new SingleWriterRecorder(SHORTEST_NANOS, LONGEST_NANOS, SIGNIFICANT_DIGITS);
  }

  @Override
  public Latency take() {
    Histogram all = takeHistogram();
    return all.getTotalCount() == 0
        ? Latency.NONE
        : new Latency(
            all.getValueAtPercentile(50), all.getValueAtPercentile(99), all.getMaxValue());
  }

  /** The latencies in nanoseconds of the requests that ended since the call before. */
  synchronized Histogram takeHistogram() {
    Histogram all = new Histogram(SHORTEST_NANOS, LONGEST_NANOS, SIGNIFICANT_DIGITS);
    loops.values().forEach(loop -> all.add(loop.getIntervalHistogram()));
    return all;
  }
}
