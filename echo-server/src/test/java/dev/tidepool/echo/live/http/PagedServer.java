package dev.tidepool.echo.live.http;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.Recording;
import dev.tidepool.echo.live.LeakLog;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.SampleMaker;
import dev.tidepool.echo.live.Sampler;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.Latencies;
import dev.tidepool.echo.server.LiveConnections;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import dev.tidepool.echo.trouble.TroubleMaker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A server with its page, which viewers may give trouble; leaks are reported soon. */
public final class PagedServer implements AutoCloseable {
  final LeakLog leaks = new LeakLog(LiveConnections::name);
  public final TestServer server;
  final Sampler sampler;
  final TroubleMaker trouble;
  final PageServer page;
  public final InetSocketAddress address;

  public PagedServer(Protocol protocol) throws IOException {
    this(protocol, AllocatorChoice.CONNECTION);
  }

  PagedServer(Protocol protocol, AllocatorChoice allocator) throws IOException {
    Latencies latencies = new Latencies();
    server =
        new TestServer(
            protocol,
            allocator.newMemory(this::configure),
            TransportChoice.AUTO,
            1,
            null,
            latencies);
    sampler =
        new Sampler(
            new SampleMaker(
                server.server().liveSource(leaks::isLeaking),
                latencies,
                new LiveSnapshot.Server(protocol.name(), "auto", "arena", "any", true, "all")));
    trouble =
        new TroubleMaker(
            new TroubleMaker.Target(
                server.server(),
                server.memory(),
                leaks,
                server.address(),
                protocol,
                TransportChoice.NIO.resolve(),
                null));
    page =
        new PageServer(
            new PageConfig(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "127.0.0.1"),
            new PageSource(
                sampler,
                leaks,
                server.memory(),
                server.server().totals(),
                server.server().figures(allocator.toString())::read,
                trouble),
            (line, cause) -> {
              throw new AssertionError(line, cause);
            });
    address = page.start();
  }

  private void configure(ArenaByteBufAllocator.Builder options) {
    TroubleMaker.setBudgets(options);
    options.leakListener(leaks).leakGrace(Duration.ofMillis(100)).recording(Recording.ALL);
  }

  PageClient viewer() throws IOException {
    return new PageClient(address);
  }

  /** Closes the page, its viewers' trouble and the server. */
  public ServedSummary stop() {
    page.close();
    trouble.close();
    sampler.close();
    return server.stop();
  }

  @Override
  public void close() {
    page.close();
    trouble.close();
    sampler.close();
    server.close();
  }
}
