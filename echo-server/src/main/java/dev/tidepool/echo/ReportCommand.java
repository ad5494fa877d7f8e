package dev.tidepool.echo;

import dev.tidepool.echo.cli.ThresholdConverter;
import dev.tidepool.echo.load.result.LoadReport;
import dev.tidepool.echo.load.result.MergedLogs;
import dev.tidepool.echo.load.result.ResultFormat;
import dev.tidepool.echo.load.result.Threshold;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command that merges the logs of several load clients. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Merges the latency logs of several load clients, on one machine or many, into one result.",
      "Counts are summed; the time is that of the client that ran longest."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:the result is valid and every threshold was met",
      "1:a log could not be read, a client gave up or none had an answer, or there were errors",
      "2:wrong usage",
      "3:an answer was wrong",
      "4:a client was the bottleneck at a given rate",
      "99:a threshold was missed"
    })
final class ReportCommand implements Callable<Integer> {
  private final PrintWriter out;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "logs that load --hdr-file-prefix wrote")
  private List<String> files = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private ResultFormat format = ResultFormat.TEXT;

  @Option(
      names = "--threshold",
      paramLabel = "LIMIT",
      converter = ThresholdConverter.class,
      description = "a limit for the merged result, as with load; may be repeated")
  private List<Threshold> thresholds = new ArrayList<>();

  ReportCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException {
    LoadReport report = MergedLogs.report(files, thresholds);
    format.lines(report).forEach(out::println);
    out.flush();
    return EchoExit.of(report, false);
  }
}
