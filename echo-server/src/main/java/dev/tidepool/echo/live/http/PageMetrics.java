package dev.tidepool.echo.live.http;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaMeterBinder;
import dev.tidepool.echo.live.LiveFeed;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.server.ServerMemory;
import dev.tidepool.echo.server.ServerTotals;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The server's meters, as the text that Prometheus scrapes. */
final class PageMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  PageMetrics(PageSource source) {
    bindTotals(source.totals());
    bindAllocator(source.memory());
    bindSample(source.feed());
  }

  private void bindTotals(ServerTotals totals) {
    counter("connections", "Connections accepted", totals, ServerTotals::connections);
    counter("requests", "Requests answered", totals, ServerTotals::requests);
    counter("answered.bytes", "Bytes of answers", totals, ServerTotals::bytes);
    counter("errors", "Connections that ended with a fault", totals, ServerTotals::errors);
  }

  private void counter(
      String name, String description, ServerTotals totals, ToDoubleFunction<ServerTotals> count) {
    FunctionCounter.builder("tidepool.echo." + name, totals, count)
        .description(description)
        .register(registry);
  }

  private void bindAllocator(ServerMemory memory) {
    if (memory.allocator() instanceof ByteBufAllocatorMetricProvider allocator) {
      new NettyAllocatorMetrics(allocator).bindTo(registry);
    }
    if (memory.allocator() instanceof ArenaByteBufAllocator arenas) {
      new ArenaMeterBinder(arenas).bindTo(registry);
    }
    Gauge.builder("process.memory.resident", ServerMemory::resident)
        .description("Memory of the process as the operating system counts it")
        .baseUnit("bytes")
        .register(registry);
  }

  private void bindSample(LiveFeed feed) {
    Gauge.builder("tidepool.echo.connections.open", () -> feed.latest().header().connections())
        .description("Connections that are open")
        .register(registry);
    latency(feed, "0.5", LiveSnapshot.Point::latencyP50Nanos);
    latency(feed, "0.99", LiveSnapshot.Point::latencyP99Nanos);
    latency(feed, "1", LiveSnapshot.Point::latencyMaxNanos);
  }

  private void latency(LiveFeed feed, String quantile, ToLongFunction<LiveSnapshot.Point> nanos) {
    Gauge.builder(
            "tidepool.echo.latency",
            feed,
            from -> seconds(nanos.applyAsLong(from.latest().point())))
        .description("From a request's first byte read to its last flushed, in the last second")
        .baseUnit("seconds")
        .tag("quantile", quantile)
        .register(registry);
  }

  private static double seconds(long nanos) {
    return nanos / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /** For meters of others. */
  MeterRegistry registry() {
    return registry;
  }

  /** All meters as they are now. */
  Reply answer(PageRequest request) {
    return Reply.text("text/plain; version=0.0.4; charset=utf-8", registry.scrape());
  }

  @Override
  public void close() {
    registry.close();
  }
}
