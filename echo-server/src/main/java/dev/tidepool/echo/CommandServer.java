package dev.tidepool.echo;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.live.LeakLog;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.http.PageSource;
import dev.tidepool.echo.server.ConnectionProbe;
import dev.tidepool.echo.server.EchoServer;
import dev.tidepool.echo.server.FaultLog;
import dev.tidepool.echo.server.Latencies;
import dev.tidepool.echo.server.LiveConnections;
import dev.tidepool.echo.server.ServerFiguresSource;
import dev.tidepool.echo.server.ServerMemory;
import dev.tidepool.echo.transport.Transport;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.Locale;

/** The server of a command, and what the page and the terminal show of it while it runs. */
final class CommandServer {
  private final ServerOptions options;
  private final UiOptions ui;
  private final Transport transport;
  private final LeakLog leaks = new LeakLog(LiveConnections::name);
  private final Latencies latencies = new Latencies();
  private final ServerMemory memory;
  private final EchoServer server;

  /**
   * @param probes whether latencies and protocols of connections are noted, for a view that shows
   *     them
   */
  CommandServer(
      ServerOptions options,
      UiOptions ui,
      boolean probes,
      InetSocketAddress bound,
      Transport transport)
      throws IOException {
    this.options = options;
    this.ui = ui;
    this.transport = transport;
    this.memory = options.allocator.newMemory(this::configure);
    this.server =
        new EchoServer(
            options.config(bound, transport),
            memory,
            FaultLog.toLogger(),
            probes ? latencies : ConnectionProbe.NONE);
  }

  private void configure(ArenaByteBufAllocator.Builder builder) {
    builder.leakListener(leaks).recording(options.recording);
    ui.budgets().accept(builder);
  }

  EchoServer server() {
    return server;
  }

  ServerMemory memory() {
    return memory;
  }

  /** Makes the figures of the server's process. */
  ServerFiguresSource figures() {
    return server.figures(options.allocator.toString());
  }

  /** The live view of the server, which listens on {@code address}. */
  LiveView live(InetSocketAddress address) {
    return new LiveView(server.liveSource(leaks::isLeaking), latencies, description(address));
  }

  private LiveSnapshot.Server description(InetSocketAddress address) {
    return new LiveSnapshot.Server(
        options.protocol.name(),
        transport.name(),
        options.allocator.toString(),
        Addresses.text(address),
        ui.actions,
        options.recording.name().toLowerCase(Locale.ROOT));
  }

  /** Opens the page of {@code live}, if it is asked for, and prints its link. */
  void openPage(LiveView live, InetSocketAddress address, PrintWriter out) throws IOException {
    if (!ui.ui) {
      return;
    }
    if (ui.actions) {
      live.add(options.target(server, memory, leaks, address, transport));
    }
    live.add(
        ui.open(
            new PageSource(
                live.sampler(), leaks, memory, server.totals(), figures()::read, live.trouble()),
            out));
  }
}
