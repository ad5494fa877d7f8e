package dev.tidepool.benchmarks.report;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the suites and writes the results up. */
@Command(
    name = "report",
    description = "Runs the suites and writes RESULTS.md, with charts, from what they measured.",
    subcommands = {RunCommand.class, WriteCommand.class},
    mixinStandardHelpOptions = true)
public final class Report {
  private Report() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Report()).setCaseInsensitiveEnumValuesAllowed(true);
  }
}
