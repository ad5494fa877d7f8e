package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;
import dev.tidepool.echo.load.FileLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A whole comparison, from its plan to its pages. */
public final class Compare {
  private Compare() {}

  /**
   * What came of a comparison.
   *
   * @param headline in a few sentences, without full stops
   * @param verified whether all answers were right, and all memory went back
   */
  public record Outcome(List<String> headline, boolean verified) {}

  /**
   * Runs a comparison and writes its raw data and pages.
   *
   * @param command that repeats it
   * @param progress is told of each run, then of each file
   * @param interrupted whether to end before the next run; the pages have the runs until then
   * @throws IOException if no scenario can be run, or a process fails
   */
  public static Outcome run(
      ComparePlan plan, String command, Consumer<String> progress, BooleanSupplier interrupted)
      throws IOException, InterruptedException {
    Pictures.prepare();
    List<String> leftOut = new ArrayList<>();
    ComparePlan possible = possible(plan, leftOut);
    leftOut.forEach(reason -> progress.accept("left out: " + reason));
    Files.createDirectories(plan.directory());
    Setup setup = Setup.of(possible, command, leftOut);
    try (RawData raw = new RawData(plan.directory(), setup, progress);
        Comparison comparison = new Comparison(possible, raw, progress, interrupted)) {
      comparison.execute();
    }
    return writePages(plan.directory(), progress);
  }

  private static ComparePlan possible(ComparePlan plan, List<String> leftOut) throws IOException {
    long limit = FileLimit.most();
    List<Scenario> scenarios = new ArrayList<>();
    for (Scenario scenario : plan.scenarios()) {
      Optional<String> refusal = scenario.refusal(limit);
      refusal.ifPresentOrElse(leftOut::add, () -> scenarios.add(scenario));
    }
    if (scenarios.isEmpty()) {
      throw new IOException("no scenario can be run: " + String.join("; ", leftOut));
    }
    return plan.withScenarios(scenarios);
  }

  /**
   * Writes the pages of the raw data in a directory, which earlier runs have left there.
   *
   * @throws IOException if there are none, or the pages cannot be written
   */
  public static Outcome writePages(Path directory, Consumer<String> progress) throws IOException {
    RawData.Contents contents = RawData.read(directory);
    if (contents.runs().isEmpty()) {
      throw new IOException(
          RawData.file(directory) + " has no run, expected one at least for a page");
    }
    PageModel model = new PageModels(contents).model();
    Path html = directory.resolve("comparison.html");
    HtmlPage.write(model, html);
    MarkdownPage.write(model, directory, "COMPARISON.md", progress);
    progress.accept(
        Figures.format(
            "%s: the raw data of %s; the pages are %s and COMPARISON.md beside it",
            RawData.file(directory), Figures.count(contents.runs().size(), "run", "runs"), html));
    return new Outcome(model.headline(), Verification.fault(contents).isEmpty());
  }
}
