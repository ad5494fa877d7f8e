package dev.tidepool.echo;

import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.demo.Demo;
import dev.tidepool.echo.demo.DemoSummary;
import dev.tidepool.echo.demo.ProgressLine;
import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.figures.Figures;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.EchoServer;
import dev.tidepool.echo.server.FaultLog;
import dev.tidepool.echo.server.ServerMemory;
import dev.tidepool.echo.tls.ClientTls;
import dev.tidepool.echo.transport.Transport;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
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

  DemoCommand(PrintWriter out, ShutdownSignal signal) {
    this.out = out;
    this.signal = signal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    loadOptions.check(serverOptions.protocol);
    DemoSummary summary = run(serverOptions.resolveTransport());
    summary.lines().forEach(out::println);
    out.flush();
    boolean lost = summary.load().failure() == null && !summary.served().memory().kept();
    return lost ? ExitCode.SOFTWARE : EchoExit.of(summary.load());
  }

  private DemoSummary run(Transport transport) throws IOException, InterruptedException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ServerMemory memory = new ServerMemory(AllocatorChoice.ARENA.create());
    EchoServer server =
        new EchoServer(serverOptions.config(anyPort, transport), memory, FaultLog.toLogger());
    InetSocketAddress address = server.start();
    CompletionStage<Void> ended = signal.requested(); // from the first line on, to the last
    announce(address, transport);
    boolean terminal = Ansi.AUTO.enabled();
    Demo demo =
        new Demo(
            server, memory, transport, new ProgressLine(out, terminal), terminal ? REDRAW : LINE);
    return demo.run(settings(address), ended);
  }

  /** The server is in this process: its certificate needs no proof. */
  private @Nullable ClientTls clientTls() throws IOException {
    ServerTlsOptions tls = serverOptions.tls;
    return tls.tls
        ? ClientTls.insecure(tls.provider, serverOptions.protocol.clientApplicationProtocols())
        : null;
  }

  private LoadSettings settings(InetSocketAddress address) throws IOException {
    return loadOptions.settings(
        address, serverOptions.protocol, clientTls(), duration, null, serverOptions.eventLoops);
  }

  private void announce(InetSocketAddress address, Transport transport) {
    out.printf(
        "An echo server on %s (%s protocol%s, arena allocator, %s transport)%n",
        Addresses.text(address),
        serverOptions.protocol.name(),
        serverOptions.tls.suffix(),
        transport.name());
    out.printf(
        "and its clients for %s: %s, each with %s under way,%npayloads of %s bytes, seed %d%n%n",
        Figures.seconds(duration),
        Figures.count(loadOptions.connections, "connection", "connections"),
        Figures.count(loadOptions.pipeline, "request", "requests"),
        loadOptions.sizes,
        loadOptions.seed);
    out.flush();
  }
}
