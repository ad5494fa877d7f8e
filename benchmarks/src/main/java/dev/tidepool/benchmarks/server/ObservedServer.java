package dev.tidepool.benchmarks.server;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.benchmarks.memory.ClientProcess;
import dev.tidepool.benchmarks.memory.Talk;
import dev.tidepool.echo.live.LatencySource;
import dev.tidepool.echo.live.LeakLog;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.SampleMaker;
import dev.tidepool.echo.live.Sampler;
import dev.tidepool.echo.live.http.PageConfig;
import dev.tidepool.echo.live.http.PageServer;
import dev.tidepool.echo.live.http.PageSource;
import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.server.ConnectionProbe;
import dev.tidepool.echo.server.EchoServer;
import dev.tidepool.echo.server.FaultLog;
import dev.tidepool.echo.server.Latencies;
import dev.tidepool.echo.server.LiveConnections;
import dev.tidepool.echo.server.ServerConfig;
import dev.tidepool.echo.server.ServerMemory;
import dev.tidepool.echo.transport.TransportChoice;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The echo server in this process, on one event loop, with a client in another. */
final class ObservedServer implements AutoCloseable {
  private static final int CONNECTIONS = 10;
  private static final int MESSAGE_BYTES = 1024;
  private static final int IN_FLIGHT = 1;
  private static final FaultLog NO_FAULTS = (line, cause) -> {}; // clients are ended, not closed
  private static final Duration DRAIN = Duration.ofSeconds(1);

  private final LeakLog leaks = new LeakLog(LiveConnections::name);
  private final ByteBufAllocator allocator;
  private final ServerMemory memory;
  private final LatencySource latencies;
  private final EchoServer server;
  private final ClientProcess client;

  /**
   * @param probes whether the latencies of requests are measured, as for the page
   */
  ObservedServer(boolean probes) throws IOException {
    allocator = ArenaByteBufAllocator.builder().leakListener(leaks).build();
    memory = new ServerMemory(allocator);
    Latencies measured = new Latencies();
    latencies = probes ? measured : LatencySource.NONE;
    server =
        new EchoServer(
            new ServerConfig(loopback(), new RawProtocol(), TransportChoice.AUTO.resolve(), 1),
            memory,
            NO_FAULTS,
            probes ? measured : ConnectionProbe.NONE);
    client =
        ClientProcess.start(
            server.start().getPort(), Talk.echo(CONNECTIONS, MESSAGE_BYTES, IN_FLIGHT));
    client.awaitConnected();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** Has the client talk for so long, and says what a request took of this process's CPU. */
  ServerCpu.Cost talk(long millis) throws IOException {
    ServerCpu before = ServerCpu.now();
    client.talk(millis);
    long requests = client.awaitEchoed();
    return ServerCpu.now().since(before, requests);
  }

  ArenaByteBufAllocator arenas() {
    return (ArenaByteBufAllocator) allocator;
  }

  /** The server's page, as {@code serve --ui} has it. */
  OpenPage openPage() throws IOException {
    LiveSnapshot.Server description =
        new LiveSnapshot.Server("raw", "auto", "connection", "loopback", false, "off");
    Sampler sampler =
        new Sampler(new SampleMaker(server.liveSource(leaks::isLeaking), latencies, description));
    PageServer page =
        new PageServer(
            new PageConfig(loopback(), "127.0.0.1"),
            new PageSource(
                sampler, leaks, memory, server.totals(), server.figures("connection")::read, null),
            NO_FAULTS);
    return new OpenPage(sampler, page, page.start().getPort());
  }

  /** A page that is open. */
  record OpenPage(Sampler sampler, PageServer page, int port) implements AutoCloseable {
    @Override
    public void close() {
      page.close();
      sampler.close();
    }
  }

  @Override
  public void close() {
    client.close();
    var unused = server.stop(DRAIN);
  }
}
