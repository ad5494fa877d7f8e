package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An aim of Tidepool's, and whether the runs show that it is reached.
 *
 * @param text the aim
 * @param met null if the runs do not tell: there are too few, or a scenario or an allocator was
 *     left out, or the limit lies within the interval
 * @param found what they show
 */
record Target(String text, @Nullable Boolean met, String found) {
  /**
   * The fewest of which the least and the most are a 95 % interval of the median: 2 / 2^6 < 0.05.
   */
  private static final int LEAST_RUNS = 6;

  private static final String CONNECTION = "connection";
  private static final String ARENA = "arena";
  private static final List<String> OURS = List.of(CONNECTION, ARENA);

  /** All aims. */
  static List<Target> of(Analysis analysis) {
    List<String> all = Scenarios.all().stream().map(Scenario::name).toList();
    List<String> others = all.stream().filter(Target::hasNoRatio).toList();
    List<Target> targets = new ArrayList<>();
    targets.add(atMost(analysis, Scenarios.HTTP_BUFFERS, Metric.CPU, CONNECTION, 0.6));
    targets.add(atMost(analysis, Scenarios.HTTP_BUFFERS, Metric.CPU, ARENA, 0.85));
    targets.add(atMost(analysis, Scenarios.HTTP_PLAIN, Metric.CPU, CONNECTION, 0.75));
    targets.add(atMost(analysis, Scenarios.HTTP_PLAIN, Metric.CPU, ARENA, 0.95));
    targets.add(neverWorse(analysis, others, Metric.CPU, "every other scenario"));
    targets.add(betterInHalf(analysis, others));
    targets.add(neverWorse(analysis, all, Metric.P999, "every scenario"));
    for (String subject : OURS) {
      targets.add(atMost(analysis, Scenarios.BURST, Metric.SETTLED_RESIDENT, subject, 1));
      targets.add(atMost(analysis, Scenarios.MANY_CONNECTIONS, Metric.PEAK_RESIDENT, subject, .5));
    }
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
        .map(contrast -> atMost(text, contrast, most))
        .orElseGet(() -> new Target(text, null, withoutRatio(analysis, scenario, subject)));
  }

  private static String withoutRatio(Analysis analysis, String scenario, String subject) {
    if (!analysis.wasRun(scenario)) {
      return "not run";
    }
    return analysis.wasRun(scenario, subject)
        ? "run, but without a ratio to a peer"
        : "not run with " + subject;
  }

  /** By the whole interval: the ratio itself may be on either side of the limit by chance. */
  private static Target atMost(String text, Contrast contrast, double most) {
    Estimate ratio = contrast.ratio();
    String found = contrast.text() + " of " + contrast.peer();
    if (contrast.size().runs() < LEAST_RUNS) {
      return new Target(text, null, tooFewRuns(contrast.metric()) + ": " + found);
    }
    if (ratio.high() <= most) {
      return new Target(text, true, found);
    }
    return ratio.low() > most
        ? new Target(text, false, found)
        : new Target(text, null, "undecided: " + found);
  }

  /** Not each run has each figure: a percentile needs enough latencies. */
  private static String tooFewRuns(Metric metric) {
    return "too few runs with " + metric.title() + " to tell";
  }

  private static Target neverWorse(
      Analysis analysis, List<String> scenarios, Metric metric, String where) {
    String text = where + ", " + metric.title() + ": never significantly worse than the best peer";
    Compared compared = Compared.of(analysis, scenarios, metric, OURS);
    if (compared.contrasts().isEmpty()) {
      return new Target(text, null, compared.nothing());
    }
    List<String> worse =
        compared.those(Contrast::isSignificantlyWorse).stream()
            .map(each -> each.subject() + " in " + each.scenario() + " (" + each.text() + ")")
            .toList();
    if (!worse.isEmpty()) {
      return new Target(text, false, "worse: " + String.join(", ", worse) + compared.missing());
    }
    int unknown = compared.those(contrast -> !contrast.canBeWorse()).size();
    return new Target(
        text,
        (compared.isWhole() && unknown == 0) ? true : null,
        "in none of " + compared.count() + compared.missing() + compared.tooFew(unknown));
  }

  /** Scenarios that do not tell may be on either side. */
  private static Target betterInHalf(Analysis analysis, List<String> scenarios) {
    String text = "every other scenario, CPU a request: connection significantly better in half";
    Compared compared = Compared.of(analysis, scenarios, Metric.CPU, List.of(CONNECTION));
    if (compared.contrasts().isEmpty()) {
      return new Target(text, null, compared.nothing());
    }
    int better = compared.those(Contrast::isSignificantlyBetter).size();
    int unknown = compared.those(contrast -> !contrast.canBeBetter()).size();
    int mostBetter = better + unknown + scenarios.size() - compared.contrasts().size();
    boolean told = compared.isWhole() && unknown == 0;
    Boolean met = told ? Boolean.valueOf(2 * better >= scenarios.size()) : null;
    return new Target(
        text,
        2 * mostBetter < scenarios.size() ? Boolean.FALSE : met,
        "in " + better + " of " + compared.count() + compared.missing() + compared.tooFew(unknown));
  }

  /**
   * What an aim for many scenarios is judged by.
   *
   * @param analysis of all runs
   * @param scenarios those of the aim
   * @param metric that of the aim
   * @param subjects those of the aim
   * @param contrasts those that there are
   */
  private record Compared(
      Analysis analysis,
      List<String> scenarios,
      Metric metric,
      List<String> subjects,
      List<Contrast> contrasts) {
    static Compared of(
        Analysis analysis, List<String> scenarios, Metric metric, List<String> subjects) {
      return new Compared(
          analysis,
          scenarios,
          metric,
          subjects,
          scenarios.stream()
              .flatMap(
                  scenario ->
                      subjects.stream()
                          .map(subject -> analysis.contrast(scenario, metric, subject)))
              .flatMap(Optional::stream)
              .toList());
    }

    List<Contrast> those(Predicate<Contrast> kind) {
      return contrasts.stream().filter(kind).toList();
    }

    boolean isWhole() {
      return contrasts.size() == scenarios.size() * subjects.size();
    }

    String count() {
      return Figures.count(contrasts.size(), "comparison", "comparisons");
    }

    /** Why there is no comparison. */
    String nothing() {
      return run() == 0 ? "not run" : "no comparison" + missing();
    }

    private long run() {
      return scenarios.stream().filter(analysis::wasRun).count();
    }

    /** What was left out or lacks the figure, to be added to other words. */
    String missing() {
      List<String> missing = new ArrayList<>();
      if (run() < scenarios.size()) {
        missing.add(Figures.format("%d of %d scenarios were run", run(), scenarios.size()));
      }
      List<String> absent = subjects.stream().filter(Predicate.not(this::wasRun)).toList();
      if (!absent.isEmpty()) {
        missing.add("without " + String.join(" and ", absent));
      }
      subjects.stream()
          .filter(subject -> wasRun(subject) && compared(subject) < run())
          .collect(Collectors.groupingBy(this::compared, TreeMap::new, Collectors.toList()))
          .forEach((count, those) -> missing.add(comparedIn(count, those)));
      return String.join("", missing.stream().map(each -> "; " + each).toList());
    }

    private boolean wasRun(String subject) {
      return scenarios.stream().anyMatch(scenario -> analysis.wasRun(scenario, subject));
    }

    private long compared(String subject) {
      return those(contrast -> contrast.subject().equals(subject)).size();
    }

    private String comparedIn(long count, List<String> those) {
      return Figures.format(
          "%s of %s could be compared in %d of %s",
          metric.title(),
          String.join(" and ", those),
          count,
          run() < scenarios.size() ? "these" : run() + " scenarios");
    }

    String tooFew(int unknown) {
      return unknown == 0
          ? ""
          : "; "
              + tooFewRuns(metric)
              + (unknown == contrasts.size()
                  ? ""
                  : Figures.format(" in %d of the comparisons", unknown));
    }
  }
}
