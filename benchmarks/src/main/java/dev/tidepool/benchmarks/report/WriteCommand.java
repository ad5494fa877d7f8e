package dev.tidepool.benchmarks.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the report anew, from what was measured before. */
@Command(
    name = "write",
    description = "Writes RESULTS.md and its charts from the JSON that is there.",
    mixinStandardHelpOptions = true)
final class WriteCommand implements Callable<Integer> {
  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "where the JSON is; RESULTS.md goes beside it (default: ${DEFAULT-VALUE})")
  private Path results = Path.of("benchmarks", "results");

  @Override
  public Integer call() throws IOException {
    System.out.println(new ResultsPage(new ResultFiles(results)).write());
    return 0;
  }
}
