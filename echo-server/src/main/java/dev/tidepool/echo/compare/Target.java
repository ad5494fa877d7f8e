package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An aim of Tidepool's, and whether the runs show that it is reached.
 *
 * @param text the aim
 * @param met null if the runs do not tell, since a scenario or an allocator was left out
 * @param found what they show
 */
record Target(String text, @Nullable Boolean met, String found) {
  private static final String CONNECTION = "connection";
  private static final String ARENA = "arena";

  /** All aims. */
  static List<Target> of(Analysis analysis, List<String> scenarios) {
    List<Target> targets = new ArrayList<>();
    targets.add(atMost(analysis, Scenarios.HTTP_BUFFERS, Metric.CPU, CONNECTION, 0.6));
    targets.add(atMost(analysis, Scenarios.HTTP_BUFFERS, Metric.CPU, ARENA, 0.85));
    targets.add(atMost(analysis, Scenarios.HTTP_PLAIN, Metric.CPU, CONNECTION, 0.75));
    targets.add(atMost(analysis, Scenarios.HTTP_PLAIN, Metric.CPU, ARENA, 0.95));
    List<String> others = scenarios.stream().filter(Target::hasNoRatio).toList();
    targets.add(neverWorse(analysis, others, Metric.CPU, "every other scenario"));
    targets.add(betterInHalf(analysis, others));
    targets.add(neverWorse(analysis, scenarios, Metric.P999, "every scenario"));
    targets.add(atMost(analysis, Scenarios.BURST, Metric.SETTLED_RESIDENT, CONNECTION, 1));
    targets.add(atMost(analysis, Scenarios.MANY_CONNECTIONS, Metric.PEAK_RESIDENT, CONNECTION, .5));
    return targets;
  }

  private static boolean hasNoRatio(String scenario) {
    return !scenario.equals(Scenarios.HTTP_PLAIN) && !scenario.equals(Scenarios.HTTP_BUFFERS);
  }

  private static Target atMost(
      Analysis analysis, String scenario, Metric metric, String subject, double most) {
    String text =
        Figures.format(
            "%s, %s: %s at most %s × the best peer", scenario, metric.title(), subject, most);
    return analysis
        .contrast(scenario, metric, subject)
        .filter(contrast -> contrast.ratio().isKnown())
        .map(
            contrast ->
                new Target(
                    text,
                    contrast.ratio().value() <= most,
                    contrast.ratioText() + " of " + contrast.peer()))
        .orElseGet(() -> new Target(text, null, "not run"));
  }

  private static Target neverWorse(
      Analysis analysis, List<String> scenarios, Metric metric, String where) {
    String text = where + ", " + metric.title() + ": never significantly worse than the best peer";
    List<Contrast> all =
        scenarios.stream()
            .flatMap(
                scenario ->
                    Stream.of(CONNECTION, ARENA)
                        .map(subject -> analysis.contrast(scenario, metric, subject)))
            .flatMap(Optional::stream)
            .toList();
    if (all.isEmpty()) {
      return new Target(text, null, "not run");
    }
    List<String> worse =
        all.stream()
            .filter(Contrast::isSignificantlyWorse)
            .map(each -> each.subject() + " in " + each.scenario() + " (" + each.ratioText() + ")")
            .toList();
    return new Target(
        text,
        worse.isEmpty(),
        worse.isEmpty()
            ? "in none of " + Figures.count(all.size(), "comparison", "comparisons")
            : "worse: " + String.join(", ", worse));
  }

  private static Target betterInHalf(Analysis analysis, List<String> scenarios) {
    String text = "every other scenario, CPU a request: connection significantly better in half";
    List<Contrast> all =
        scenarios.stream()
            .map(scenario -> analysis.contrast(scenario, Metric.CPU, CONNECTION))
            .flatMap(Optional::stream)
            .toList();
    long better = all.stream().filter(Contrast::isSignificantlyBetter).count();
    return new Target(
        text,
        all.isEmpty() ? null : 2 * better >= all.size(),
        all.isEmpty() ? "not run" : better + " of " + all.size());
  }
}
