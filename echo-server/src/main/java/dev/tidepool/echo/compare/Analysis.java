package dev.tidepool.echo.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What follows from the runs: the figures of each subject in each scenario, how Tidepool's compare
 * with the best of their peers, and how the first subject's twin compares with the first.
 */
final class Analysis {
  private final List<Subject> subjects;
  private final List<RunResult> runs;
  private final List<Contrast> contrasts;
  private final List<Contrast> twins;

  Analysis(List<String> scenarios, List<Subject> subjects, List<RunResult> runs) {
    this.subjects = List.copyOf(subjects);
    this.runs = List.copyOf(runs);
    this.contrasts = compared(scenarios, only(Subject::isOurs), only(Subject::isPeer));
    this.twins = compared(scenarios, only(Subject::twin), this.subjects.subList(0, 1));
  }

  private List<Subject> only(Predicate<Subject> kind) {
    return subjects.stream().filter(kind).toList();
  }

  /**
   * A family for each metric: each metric answers a question of its own, and with a single family
   * of them all hardly a difference could be significant.
   */
  private List<Contrast> compared(
      List<String> scenarios, List<Subject> ones, List<Subject> others) {
    return Arrays.stream(Metric.values())
        .map(metric -> family(metric, scenarios, ones, others))
        .flatMap(family -> corrected(family).stream())
        .toList();
  }

  private List<Contrast> family(
      Metric metric, List<String> scenarios, List<Subject> ones, List<Subject> others) {
    return scenarios.stream()
        .flatMap(
            scenario -> ones.stream().map(subject -> contrast(scenario, metric, subject, others)))
        .flatMap(Optional::stream)
        .toList();
  }

  /** None without a peer that has the metric, or if the subject has not. */
  private Optional<Contrast> contrast(
      String scenario, Metric metric, Subject subject, List<Subject> peers) {
    double[] ours = values(scenario, metric, subject);
    Map<String, double[]> theirs = new LinkedHashMap<>();
    peers.forEach(peer -> theirs.put(peer.label(), values(scenario, metric, peer)));
    theirs.values().removeIf(values -> values.length == 0);
    return ours.length == 0 || theirs.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Contrast.of(scenario, metric, subject.label(), new BestPeer(metric, ours, theirs)));
  }

  private static List<Contrast> corrected(List<Contrast> family) {
    double[] corrected = Statistics.holm(family.stream().mapToDouble(Contrast::pValue).toArray());
    List<Contrast> result = new ArrayList<>();
    for (int i = 0; i < corrected.length; i++) {
      result.add(family.get(i).withCorrected(corrected[i], corrected.length));
    }
    return result;
  }

  List<Subject> subjects() {
    return subjects;
  }

  /** The runs of a subject in a scenario, in the order of the rounds. */
  List<RunResult> runs(String scenario, Subject subject) {
    return runs.stream()
        .filter(run -> run.scenario().equals(scenario) && run.subject().equals(subject.label()))
        .sorted(Comparator.comparingInt(RunResult::round))
        .toList();
  }

  /** Whether there is a run of the scenario, whatever figures it has. */
  boolean wasRun(String scenario) {
    return runs.stream().anyMatch(run -> run.scenario().equals(scenario));
  }

  /** Whether there is a run of the scenario with the subject of this label. */
  boolean wasRun(String scenario, String subject) {
    return runs.stream()
        .anyMatch(run -> run.scenario().equals(scenario) && run.subject().equals(subject));
  }

  /** A subject's runs that have the figure. */
  List<RunResult> runsWith(String scenario, Metric metric, Subject subject) {
    return runs(scenario, subject).stream().filter(run -> !Double.isNaN(metric.of(run))).toList();
  }

  /** The figures of a subject's runs that have one. */
  double[] values(String scenario, Metric metric, Subject subject) {
    return Statistics.values(runs(scenario, subject), metric::of);
  }

  /** All comparisons with the best peer. */
  List<Contrast> contrasts() {
    return contrasts;
  }

  Optional<Contrast> contrast(String scenario, Metric metric, String subject) {
    return contrasts.stream()
        .filter(
            contrast ->
                contrast.scenario().equals(scenario)
                    && contrast.metric() == metric
                    && contrast.subject().equals(subject))
        .findFirst();
  }

  /** All comparisons of the first subject's twin with the first; none without it. */
  List<Contrast> twins() {
    return twins;
  }

  /** The median of each percentile over a subject's runs at the common rate; empty without any. */
  List<Double> spectrum(String scenario, Subject subject) {
    List<List<Long>> spectra =
        runs(scenario, subject).stream()
            .map(RunResult::atRate)
            .filter(Objects::nonNull)
            .map(phase -> phase.latency().spectrum())
            .toList();
    if (spectra.isEmpty()) {
      return List.of();
    }
    List<Double> medians = new ArrayList<>();
    for (int i = 0; i < Spectrum.PERCENTILES.size(); i++) {
      int index = i;
      medians.add(
          Statistics.median(spectra.stream().mapToDouble(values -> values.get(index)).toArray()));
    }
    return medians;
  }
}
