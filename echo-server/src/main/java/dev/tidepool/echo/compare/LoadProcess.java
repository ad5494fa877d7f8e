package dev.tidepool.echo.compare;

import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.UnfriendlySettings;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.tls.ClientTls;
import dev.tidepool.echo.tls.TlsProvider;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The main class of the load's process in a comparison, which serves all runs, so that it is warm.
 * For each {@link LoadJob} that it reads from standard input, one a line, it prints a line of JSON
 * when the connections are open, measures from when it reads {@code measure}, prints the {@link
 * LoadFigures}, closes the connections when it reads {@code close}, and prints a line again. It
 * ends with its input.
 */
public final class LoadProcess {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** It ends before, when the process is told to measure. */
  private static final Duration LONGEST_WARMUP = Duration.ofMinutes(3);

  /**
   * Connections a second, at most: a server that is not warm yet does not accept 10,000 at once,
   * and the system drops what waits beyond the listen backlog, to be sent again a second or more
   * later.
   */
  private static final double CONNECT_RATE = 4000;

  private final BufferedReader in;
  private final PrintStream out;

  private LoadProcess(BufferedReader in, PrintStream out) {
    this.in = in;
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    new LoadProcess(
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
            new PrintStream(System.out, true, StandardCharsets.UTF_8))
        .run();
    System.exit(0);
  }

  private void run() throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      run(Json.read(LoadJob.class, line));
      out.println(Json.line(Event.CLOSED));
    }
  }

  private void run(LoadJob job) throws IOException {
    try (LoadClient client = new LoadClient(settings(job), TransportChoice.AUTO.resolve())) {
      client.connect();
      out.println(Json.line(Event.CONNECTED));
      CompletableFuture<LoadResult> running = client.run();
      await("measure");
      client.endWarmup();
      out.println(Json.line(LoadFigures.of(running.join())));
      await("close");
    }
  }

  private void await(String command) throws IOException {
    @Nullable String line = in.readLine();
    if (line != null && !line.equals(command)) {
      throw new IOException("'" + line + "' is not a command, expected " + command);
    }
  }

  private static LoadSettings settings(LoadJob job) throws IOException {
    Protocol protocol = new Converters.ProtocolName().convert(job.protocol());
    return LoadSettings.builder(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), job.port()), protocol)
        .tls(tls(job, protocol))
        .connections(job.connections())
        .threads(1)
        .duration(Duration.ofMillis(job.millis()))
        .warmup(LONGEST_WARMUP)
        .ratePerSecond(job.ratePerSecond())
        .pipeline(job.pipeline())
        .sizes(new Converters.Sizes().convert(job.sizes()))
        .seed(job.seed())
        .connectRate(CONNECT_RATE)
        .connectTimeout(TIMEOUT)
        .timeout(TIMEOUT)
        .channelLifetime(job.lifetimeMillis() == 0 ? null : Duration.ofMillis(job.lifetimeMillis()))
        .unfriendly(unfriendly(job))
        .build();
  }

  private static UnfriendlySettings unfriendly(LoadJob job) {
    return new UnfriendlySettings(
        job.slowReaderPercent(), UnfriendlySettings.DEFAULT_READ_RATE, 0, false, 0, 0);
  }

  private static @Nullable ClientTls tls(LoadJob job, Protocol protocol) throws IOException {
    return job.tls()
        ? ClientTls.insecure(TlsProvider.JDK, protocol.clientApplicationProtocols())
        : null;
  }

  /** Something that has happened. */
  public record Event(String event) {
    static final Event CONNECTED = new Event("connected");
    static final Event CLOSED = new Event("closed");
  }
}
