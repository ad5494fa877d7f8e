package dev.tidepool.echo;

import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.demo.Demo;
import dev.tidepool.echo.demo.DemoSummary;
import dev.tidepool.echo.demo.ProgressLine;
import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.figures.Figures;
import dev.tidepool.echo.load.FileLimit;
import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.result.ServerSide;
import dev.tidepool.echo.server.ArenaSummary;
import dev.tidepool.echo.tls.ClientTls;
import dev.tidepool.echo.transport.Transport;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command that runs server and load in one process and prints what the arenas did. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Runs server and load in one process, then prints what the arenas did.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all echoes were right and all memory went back",
      "1:the demo could not run, was broken off, or memory did not come back",
      "2:wrong usage",
      "3:an echo was wrong",
      "130, 143:ended by SIGINT or SIGTERM; the figures are those until then"
    })
final class DemoCommand implements Callable<Integer> {
  private static final Duration REDRAW = Duration.ofMillis(250);
  private static final Duration LINE = Duration.ofSeconds(1);
  private static final int GENTLE_CONNECTIONS = 4;

  /** Requests a second of each of them. */
  private static final double GENTLE_RATE = 4;

  private final PrintWriter out;
  private final ShutdownSignal signal;

  @Mixin private final ServerOptions serverOptions = new ServerOptions();
  @Mixin private final LoadOptions loadOptions = new LoadOptions();

  @Option(
      names = {"-d", "--duration"},
      paramLabel = "TIME",
      converter = Converters.PositiveTime.class,
      description = "for how long requests are sent. Default: 10s")
  private Duration duration = Duration.ofSeconds(10);

  @Option(
      names = "--hold",
      description =
          "after the account, keep the server and a gentle load of four connections until Ctrl-C")
  private boolean hold;

  @Mixin private final UiOptions uiOptions = new UiOptions();

  private boolean held;

  DemoCommand(PrintWriter out, ShutdownSignal signal) {
    this.out = out;
    this.signal = signal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    loadOptions.check(serverOptions.protocol);
    FileLimit.require(2L * loadOptions.connections, "ends of connections");
    DemoSummary summary = run(serverOptions.resolveTransport());
    print(held ? summary.ofServer() : summary.lines());
    boolean lost = summary.load().failure() == null && !summary.served().memory().kept();
    return lost ? ExitCode.SOFTWARE : EchoExit.of(summary.load());
  }

  private void print(List<String> lines) {
    lines.forEach(out::println);
    out.flush();
  }

  private DemoSummary run(Transport transport) throws IOException, InterruptedException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    CommandServer served =
        new CommandServer(serverOptions, uiOptions, uiOptions.ui, anyPort, transport);
    InetSocketAddress address = served.server().start();
    CompletionStage<Void> ended = signal.requested(); // from the first line on, to the last
    announce(address, transport);
    boolean terminal = Ansi.AUTO.enabled();
    Demo demo =
        new Demo(
            served.server(),
            served.memory(),
            served.figures(),
            transport,
            new ProgressLine(out, terminal),
            terminal ? REDRAW : LINE);
    try (LiveView live = served.live(address)) {
      served.openPage(live, address, out);
      return demo.run(
          settings(address),
          ended,
          (load, arenas, side) -> hold(load, arenas, side, settings(address), transport, ended));
    }
  }

  /** Keeps the server up, and some of the load, where that went well. */
  private void hold(
      LoadResult load,
      ArenaSummary arenas,
      ServerSide side,
      LoadSettings settings,
      Transport transport,
      CompletionStage<Void> ended)
      throws IOException {
    if (!hold || load.failure() != null || load.interrupted()) {
      return;
    }
    held = true;
    print(DemoSummary.ofLoad(load, arenas, side));
    try (LoadClient gentle = new LoadClient(gentle(settings), transport)) {
      gentle.connect();
      gentle.run();
      out.printf(
          "%nThe server and a gentle load of %s stay until Ctrl-C%n",
          Figures.count(gentle(settings).connections(), "connection", "connections"));
      out.flush();
      ended.toCompletableFuture().join();
      gentle.interrupt();
    }
  }

  private static LoadSettings gentle(LoadSettings settings) {
    int connections = Math.min(GENTLE_CONNECTIONS, settings.connections());
    return settings.toBuilder()
        .connections(connections)
        .ratePerSecond(GENTLE_RATE * connections)
        .duration(null)
        .requests(Long.MAX_VALUE)
        .pipeline(1)
        .threads(1)
        .build();
  }

  /** The server is in this process: its certificate needs no proof. */
  private @Nullable ClientTls clientTls() throws IOException {
    ServerTlsOptions tls = serverOptions.tls;
    return tls.tls
        ? ClientTls.insecure(tls.provider, serverOptions.protocol.clientApplicationProtocols())
        : null;
  }

  private LoadSettings settings(InetSocketAddress address) throws IOException {
    return loadOptions
        .settings(address, serverOptions.protocol, clientTls())
        .duration(duration)
        .threads(serverOptions.eventLoops)
        .build();
  }

  private void announce(InetSocketAddress address, Transport transport) {
    out.printf(
        "An echo server on %s (%s protocol%s, %s allocator, %s transport)%n",
        Addresses.text(address),
        serverOptions.protocol.name(),
        serverOptions.tls.suffix(),
        serverOptions.allocator,
        transport.name());
    out.printf(
        "and its clients for %s: %s, each with %s under way,%npayloads of %s bytes, seed %d%n%n",
        Figures.seconds(duration),
        Figures.count(loadOptions.connections, "connection", "connections"),
        Figures.count(loadOptions.pipeline(serverOptions.protocol), "request", "requests"),
        loadOptions.sizes(),
        loadOptions.seed);
    out.flush();
  }
}
