package dev.tidepool.echo;

import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.cli.GivenOptions;
import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.live.LoadPlan;
import dev.tidepool.echo.load.result.Configuration;
import dev.tidepool.echo.transport.Transport;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that puts a load on a server and verifies every byte that comes back. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description =
        "Puts a load on an echo server and checks every byte that comes back, or on any HTTP"
            + " server.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all answers were right and every threshold was met",
      "1:the load could not run, gave up or had no answer, or there were errors",
      "2:wrong usage",
      "3:an answer was wrong, or the server reported a leak",
      "4:the client was the bottleneck at a given rate: the figures are its own",
      "99:a threshold was missed",
      "130, 143:ended by SIGINT or SIGTERM; the figures are those until then"
    })
final class LoadCommand implements Callable<Integer> {
  private static final Duration DEFAULT_DURATION = Duration.ofSeconds(10);

  /** Options that have a place of their own in a result, or none. */
  private static final Set<String> CONFIGURED =
      Set.of(
          "--host",
          "--port",
          "--protocol",
          "--tls",
          "--connections",
          "--event-loops",
          "--threads",
          "--pipeline",
          "--rate",
          "--duration",
          "--requests",
          "--warmup",
          "--ramp-up",
          "--timeout",
          "--request-timeout",
          "--data-size",
          "--seed",
          "--transport",
          "--header",
          "--output",
          "--hdr-file-prefix",
          "--threshold",
          "--strict",
          "--server-page",
          "--tui",
          "--quiet");

  private final PrintWriter out;
  private final ShutdownSignal signal;

  @Mixin private final TargetOptions targetOptions = new TargetOptions();
  @Mixin private final LoadOptions options = new LoadOptions();
  @Mixin private final ClientTlsOptions tls = new ClientTlsOptions();
  @Mixin private final OutputOptions outputOptions = new OutputOptions();

  @Spec private CommandSpec spec;

  @Option(
      names = {"-d", "--duration"},
      paramLabel = "TIME",
      converter = Converters.PositiveTime.class,
      description = "for how long requests are sent. Default: 10s, or without end under -n")
  private @Nullable Duration duration;

  @Option(
      names = {"-n", "--requests"},
      paramLabel = "N",
      converter = Converters.RequestCount.class,
      description = "how many requests are sent by all connections together. Default: no limit")
  private @Nullable Long requests;

  @Option(
      names = {"-R", "--rate"},
      paramLabel = "N",
      converter = Converters.Rate.class,
      description =
          "requests a second of all connections together, on a schedule that does not wait for"
              + " answers. Default: each connection sends as soon as it has answers")
  private @Nullable Double rate;

  @Option(
      names = {"-t", "--threads", "--event-loops"},
      paramLabel = "N",
      converter = Converters.EventLoops.class,
      description = "event-loop threads, 0 for Netty's default. Default: as many as processors")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      converter = Converters.Time.class,
      description = "time before the duration, which is in no figure. Default: none")
  private Duration warmup = Duration.ZERO;

  @Option(
      names = "--ramp-up",
      paramLabel = "TIME",
      converter = Converters.Time.class,
      description =
          "time over which the connections are opened, before the warm-up, which is in no figure"
              + " either. Default: all at once")
  private Duration rampUp = Duration.ZERO;

  @Option(
      names = "--transport",
      paramLabel = "TRANSPORT",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private TransportChoice transport = TransportChoice.AUTO;

  @Mixin private final UnfriendlyOptions unfriendly = new UnfriendlyOptions();

  LoadCommand(PrintWriter out, ShutdownSignal signal) {
    this.out = out;
    this.signal = signal;
  }

  @Override
  public Integer call() throws IOException {
    LoadTarget target = targetOptions.resolve();
    options.check(target.protocol());
    unfriendly.check(options.connections);
    LoadSettings settings = settings(target);
    LoadOutput output = outputOptions.open(settings.ratePerSecond() != null, out);
    CompletionStage<Void> ended = signal.requested(); // from the first line on, to the last
    output.announce("load on " + target.text() + ", seed " + options.seed);
    Transport used = transport.resolve();
    try (LoadClient client = new LoadClient(settings, used)) {
      ended.thenRun(client::interrupt);
      LoadResult result = run(client, output, settings);
      output.readServerAtEnd(client::close, ended.toCompletableFuture()::isDone);
      return output.end(result, configuration(settings, target.text(), used, result));
    }
  }

  private static LoadResult run(LoadClient client, LoadOutput output, LoadSettings settings)
      throws IOException {
    Watch watch = output.watch(client.tally(), LoadPlan.of(settings));
    try {
      client.connect();
      output.readServer();
      return client.run().join();
    } finally {
      watch.close();
    }
  }

  private Configuration configuration(
      LoadSettings settings, String target, Transport used, LoadResult result) {
    return Configuration.of(
        settings,
        target,
        used.name(),
        result.client().loops(),
        GivenOptions.of(spec.commandLine().getParseResult(), CONFIGURED));
  }

  private LoadSettings settings(LoadTarget target) throws IOException {
    Duration limit = duration == null && requests == null ? DEFAULT_DURATION : duration;
    return options
        .settings(
            target.address(), target.protocol(), tls.resolve(target.protocol(), target.isTls()))
        .duration(limit)
        .requests(requests)
        .ratePerSecond(rate)
        .threads(threads)
        .warmup(warmup)
        .rampUp(rampUp)
        .connectRate(unfriendly.connectRate)
        .channelLifetime(unfriendly.channelLifetime)
        .unfriendly(unfriendly.settings())
        .build();
  }
}
