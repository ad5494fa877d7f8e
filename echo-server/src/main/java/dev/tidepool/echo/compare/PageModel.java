package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.RunResult.MemorySample;
import dev.tidepool.echo.compare.RunResult.Span;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the pages show, in words and numbers: the data of the HTML page, and what the Markdown page
 * is made of.
 *
 * @param started in ISO 8601
 * @param runs how many there were
 * @param rounds the most that a subject had
 * @param headline what was wrong, if anything was, and the verdicts in a few sentences
 * @param percentiles of the spectra
 * @param noise what the first allocator and its twin show, in a few sentences
 * @param targets Tidepool's aims
 * @param leftOut why scenarios were not run
 * @param environment by name
 * @param command that repeats it
 * @param commands of all processes, as a shell takes them
 * @param method how it was measured and computed, a paragraph each
 */
public record PageModel(
    String started,
    int runs,
    int rounds,
    List<String> headline,
    List<Subject> subjects,
    List<MetricView> metrics,
    List<ScenarioView> scenarios,
    List<Double> percentiles,
    List<String> noise,
    List<TargetView> targets,
    List<String> leftOut,
    Map<String, String> environment,
    String command,
    List<String> commands,
    List<String> method) {

  /** A metric. */
  public record MetricView(String key, String title, String description, boolean moreIsBetter) {
    static MetricView of(Metric metric) {
      return new MetricView(
          metric.name(), metric.title(), metric.description(), metric.moreIsBetter());
    }
  }

  /** An aim; {@code met} is null if the runs do not tell. */
  public record TargetView(String text, @Nullable Boolean met, String found) {}

  /**
   * A scenario.
   *
   * @param rate the common rate, in words
   * @param notes what a reader has to know of its runs
   * @param cells by metric, then in the order of the subjects
   * @param contrasts with the best peer
   * @param noise the twin's ratio by metric
   * @param spectra latencies at each percentile, in nanoseconds, in the order of the subjects
   * @param memory of one run each, in the order of the subjects
   */
  public record ScenarioView(
      String name,
      String title,
      String description,
      String facts,
      String rate,
      List<String> notes,
      Map<String, List<Cell>> cells,
      List<ContrastView> contrasts,
      Map<String, Ratio> noise,
      List<List<Double>> spectra,
      List<MemoryView> memory) {}

  /**
   * A subject's figure.
   *
   * @param values of all runs that have one
   * @param rounds of these runs
   * @param text the median; with the interval in {@code interval}
   */
  public record Cell(
      List<Double> values,
      List<Integer> rounds,
      @Nullable Double median,
      String text,
      String interval,
      List<String> texts) {}

  /** One of Tidepool's beside the best peer. */
  public record ContrastView(
      String metric,
      String subject,
      String peer,
      @Nullable Ratio ratio,
      String text,
      String probability,
      String verdict,
      boolean significant,
      boolean better) {}

  /** A ratio and its interval; each end is null if it is not finite. */
  public record Ratio(
      double value, @Nullable Double low, @Nullable Double high, String text, String interval) {}

  /** Memory over time in one run. */
  public record MemoryView(List<MemorySample> samples, List<Span> phases) {}
}
