package dev.tidepool.echo.live.page;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.Recording;
import dev.tidepool.echo.live.LeakLog;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.SampleMaker;
import dev.tidepool.echo.live.Sampler;
import dev.tidepool.echo.live.http.PageConfig;
import dev.tidepool.echo.live.http.PageServer;
import dev.tidepool.echo.live.http.PageSource;
import dev.tidepool.echo.server.EchoServer;
import dev.tidepool.echo.server.Latencies;
import dev.tidepool.echo.server.LiveConnections;
import dev.tidepool.echo.server.ServerConfig;
import dev.tidepool.echo.server.ServerMemory;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A server that clients tell what to allocate, and its live page, both on any free port. */
final class WatchedServer implements AutoCloseable {
  private static final Duration GRACE = Duration.ofMillis(200);
  private static final int EVENT_LOOPS = 2;

  private final CommandProtocol protocol = new CommandProtocol();
  private final LeakLog leaks = new LeakLog(LiveConnections::name);
  private final ArenaByteBufAllocator arenas =
      ArenaByteBufAllocator.builder()
          .leakGrace(GRACE)
          .recording(Recording.ALL)
          .leakListener(leaks)
          .build();
  private final ServerMemory memory = new ServerMemory(arenas);
  private final EchoServer server;
  private final InetSocketAddress address;
  private final Sampler sampler;
  private InetSocketAddress pageAddress =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private PageServer page;

  WatchedServer() throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Latencies latencies = new Latencies();
    ServerConfig config =
        new ServerConfig(anyPort, protocol, TransportChoice.NIO.resolve(), EVENT_LOOPS, null);
    server = new EchoServer(config, memory, (line, cause) -> {}, latencies);
    address = server.start();
    LiveSnapshot.Server description =
        new LiveSnapshot.Server(
            protocol.name(), "nio", "arena", address.toString().substring(1), false, "all");
    sampler =
        new Sampler(new SampleMaker(server.liveSource(leaks::isLeaking), latencies, description));
    openPage();
  }

  /** Starts the page's server, at the address that it had if there was one before. */
  void openPage() throws IOException {
    page =
        new PageServer(
            new PageConfig(pageAddress, "127.0.0.1"),
            new PageSource(
                sampler, leaks, memory, server.totals(), server.figures("arena")::read, null),
            (line, cause) -> {});
    pageAddress = page.start();
  }

  /** Releases what connections keep. */
  void releaseAll() {
    protocol.releaseAll();
  }

  InetSocketAddress address() {
    return address;
  }

  /** Where the page is. */
  String url() {
    return "http://127.0.0.1:" + pageAddress.getPort() + "/";
  }

  /** Ends the page alone, as if the server had gone. */
  void closePage() {
    page.close();
  }

  /** Releases what connections keep, closes all, and waits until all memory is back. */
  @Override
  public void close() {
    releaseAll();
    page.close();
    sampler.close();
    server.stop(Duration.ZERO);
    TestServer.await(
        "all memory back upstream",
        () -> {
          arenas.trim();
          return arenas.metric().usedDirectMemory() + arenas.metric().usedHeapMemory() == 0;
        });
  }
}
