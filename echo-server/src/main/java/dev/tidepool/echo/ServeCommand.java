package dev.tidepool.echo;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.live.LeakLog;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.SampleMaker;
import dev.tidepool.echo.live.Sampler;
import dev.tidepool.echo.live.http.PageServer;
import dev.tidepool.echo.live.http.PageSource;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.ConnectionProbe;
import dev.tidepool.echo.server.EchoServer;
import dev.tidepool.echo.server.FaultLog;
import dev.tidepool.echo.server.Latencies;
import dev.tidepool.echo.server.LiveConnections;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.server.ServerMemory;
import dev.tidepool.echo.transport.Transport;
import dev.tidepool.echo.trouble.TroubleMaker;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command that runs a server until SIGTERM or SIGINT, then prints its summary. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Runs an echo server until SIGTERM or SIGINT, then prints what it served.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:stopped in good order",
      "1:could not run, or memory did not come back",
      "2:wrong usage"
    })
final class ServeCommand implements Callable<Integer> {
  private final PrintWriter out;
  private final ShutdownSignal signal;

  @Mixin private final ServerOptions options = new ServerOptions();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      converter = Converters.Host.class,
      description = "Default: ${DEFAULT-VALUE}")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      converter = Converters.Port.class,
      description = "0 for any free one. Default: ${DEFAULT-VALUE}")
  private int port = 7007;

  @Option(
      names = "--allocator",
      paramLabel = "ALLOCATOR",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private AllocatorChoice allocator = AllocatorChoice.ARENA;

  @Option(
      names = "--drain-timeout",
      paramLabel = "TIME",
      converter = Converters.Time.class,
      description = "how long requests under way may take at the end, 0s for no wait. Default: 5s")
  private Duration drainTimeout = Duration.ofSeconds(5);

  @Mixin private final UiOptions uiOptions = new UiOptions();

  ServeCommand(PrintWriter out, ShutdownSignal signal) {
    this.out = out;
    this.signal = signal;
  }

  @Override
  public Integer call() throws IOException {
    Transport transport = options.resolveTransport();
    LeakLog leaks = new LeakLog(LiveConnections::name);
    ServerMemory memory = new ServerMemory(allocator.create(builder -> configure(builder, leaks)));
    Latencies latencies = new Latencies();
    EchoServer server =
        new EchoServer(
            options.config(Addresses.resolve(host, port), transport),
            memory,
            FaultLog.toLogger(),
            uiOptions.ui ? latencies : ConnectionProbe.NONE);
    InetSocketAddress address = server.start();
    ServedSummary summary;
    try {
      announce(address, transport);
      if (uiOptions.ui) {
        servePage(server, memory, leaks, latencies, address, transport);
      } else {
        signal.await();
      }
    } finally {
      summary = server.stop(drainTimeout);
    }
    return print(summary);
  }

  private void configure(ArenaByteBufAllocator.Builder builder, LeakLog leaks) {
    builder.leakListener(leaks).recording(options.recording);
    uiOptions.budgets().accept(builder);
  }

  private void servePage(
      EchoServer server,
      ServerMemory memory,
      LeakLog leaks,
      Latencies latencies,
      InetSocketAddress address,
      Transport transport)
      throws IOException {
    SampleMaker maker =
        new SampleMaker(
            server.liveSource(leaks::isLeaking), latencies, description(address, transport));
    try (Sampler sampler = new Sampler(maker);
        TroubleMaker trouble =
            uiOptions.actions
                ? new TroubleMaker(options.target(server, memory, leaks, address, transport))
                : null;
        PageServer page =
            uiOptions.open(new PageSource(sampler, leaks, memory, server.totals(), trouble), out)) {
      signal.await();
    }
  }

  private LiveSnapshot.Server description(InetSocketAddress address, Transport transport) {
    return new LiveSnapshot.Server(
        options.protocol.name(),
        transport.name(),
        allocator.toString(),
        Addresses.text(address),
        uiOptions.actions,
        options.recording.name().toLowerCase(Locale.ROOT));
  }

  private void announce(InetSocketAddress address, Transport transport) {
    out.printf(
        "listening on %s: %s protocol%s, %s allocator, %s transport%n",
        Addresses.text(address),
        options.protocol.name(),
        options.tls.suffix(),
        allocator,
        transport.name());
    out.flush();
  }

  private int print(ServedSummary summary) {
    summary.lines().forEach(out::println);
    out.flush();
    return summary.memory().kept() ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
