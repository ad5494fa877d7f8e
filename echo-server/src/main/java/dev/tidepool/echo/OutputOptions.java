package dev.tidepool.echo;

import dev.tidepool.echo.cli.PageConverter;
import dev.tidepool.echo.cli.ThresholdConverter;
import dev.tidepool.echo.load.live.ServerPage;
import dev.tidepool.echo.load.result.HdrLogs;
import dev.tidepool.echo.load.result.ResultFormat;
import dev.tidepool.echo.load.result.Threshold;
import dev.tidepool.echo.server.ServerFigures;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options for what a load shows while it runs and prints when it has ended. */
final class OutputOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "how the result is printed: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  ResultFormat format = ResultFormat.TEXT;

  @Option(
      names = "--hdr-file-prefix",
      paramLabel = "PREFIX",
      description =
          "write the latencies as HdrHistogram logs, PREFIX-actual.hlog and, with a rate,"
              + " PREFIX-intended.hlog, which the command report merges")
  @Nullable String hdrFilePrefix;

  @Option(
      names = "--threshold",
      paramLabel = "LIMIT",
      converter = ThresholdConverter.class,
      description =
          "a limit for the result, exit code 99 if it is missed: 'p99<2ms', 'max<1s',"
              + " 'intended.p99.9<5ms', 'rate>=10000', 'errors<1', 'errors%%<0.1'; may be repeated")
  List<Threshold> thresholds = new ArrayList<>();

  @Option(
      names = "--strict",
      description = "exit code 4 if the client was the bottleneck, without a rate too")
  boolean strict;

  @Option(
      names = "--server-page",
      paramLabel = "URL",
      converter = PageConverter.class,
      description =
          "the live page of the server (serve --ui), from which its CPU and memory are read: "
              + "http://127.0.0.1:7080")
  @Nullable URI serverPage;

  @Option(
      names = "--tui",
      description =
          "redraw one block of figures while the load runs, on standard error if standard output is"
              + " no terminal. Default: if both are one, else a line a second on standard error")
  boolean tui;

  @Option(names = "--quiet", description = "show nothing while the load runs")
  boolean quiet;

  /**
   * Refuses what does not go together, and what could not be done in the end, before the load.
   *
   * @param scheduled whether the load has a rate
   * @throws IOException if the server's page does not answer, or the logs could not be written
   */
  LoadOutput open(boolean scheduled, PrintWriter out) throws IOException {
    if (tui && quiet) {
      throw new ParameterException(
          spec.commandLine(), "Options '--tui' and '--quiet' were both given, expected one");
    }
    for (Threshold threshold : thresholds) {
      if (threshold.intended() && !scheduled) {
        throw new ParameterException(
            spec.commandLine(),
            "Invalid value for option '--threshold': '%s', expected option '--rate' with a latency from the schedule"
                .formatted(threshold.text()));
      }
    }
    if (hdrFilePrefix != null) {
      HdrLogs.check(hdrFilePrefix);
    }
    ServerPage page = serverPage == null ? null : new ServerPage(serverPage);
    ServerFigures idle = page == null ? null : page.read();
    return new LoadOutput(this, page, idle, out, spec.commandLine().getErr());
  }
}
