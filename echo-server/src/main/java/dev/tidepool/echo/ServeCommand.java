package dev.tidepool.echo;

import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.transport.Transport;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
      names = "--drain-timeout",
      paramLabel = "TIME",
      converter = Converters.Time.class,
      description = "how long requests under way may take at the end, 0s for no wait. Default: 5s")
  private Duration drainTimeout = Duration.ofSeconds(5);

  @Mixin private final UiOptions uiOptions = new UiOptions();
  @Mixin private final WatchOptions watchOptions = new WatchOptions();

  ServeCommand(PrintWriter out, ShutdownSignal signal) {
    this.out = out;
    this.signal = signal;
  }

  @Override
  public Integer call() throws IOException {
    Transport transport = options.resolveTransport();
    CommandServer served =
        new CommandServer(
            options,
            uiOptions,
            uiOptions.ui || watchOptions.tui,
            Addresses.resolve(host, port),
            transport);
    InetSocketAddress address = served.server().start();
    ServedSummary summary;
    try (LiveView live = served.live(address)) {
      CompletionStage<Void> stopped = signal.requested(); // from the first line on
      announce(address, transport);
      serve(served, live, address, stopped);
    } finally {
      summary = served.server().stop(drainTimeout);
    }
    return print(summary);
  }

  private void serve(
      CommandServer served, LiveView live, InetSocketAddress address, CompletionStage<Void> stopped)
      throws IOException {
    served.openPage(live, address, out);
    try (Watch watch = watchOptions.open(live, out, uiOptions.ui)) {
      CompletableFuture.anyOf(stopped.toCompletableFuture(), watch.ended().toCompletableFuture())
          .join();
    }
  }

  private void announce(InetSocketAddress address, Transport transport) {
    out.printf(
        "listening on %s: %s protocol%s, %s allocator, %s transport%n",
        Addresses.text(address),
        options.protocol.name(),
        options.tls.suffix(),
        options.allocator,
        transport.name());
    out.flush();
  }

  private int print(ServedSummary summary) {
    summary.lines().forEach(out::println);
    out.flush();
    return summary.memory().kept() ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
