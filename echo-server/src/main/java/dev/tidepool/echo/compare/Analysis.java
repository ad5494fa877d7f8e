package dev.tidepool.echo.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What follows from the runs: the figures of each subject in each scenario, and how Tidepool's
 * compare with the best of their peers. The p-values of all comparisons are corrected together.
 */
final class Analysis {
  private final List<Subject> subjects;
  private final List<RunResult> runs;
  private final List<Contrast> contrasts;

  Analysis(List<String> scenarios, List<Subject> subjects, List<RunResult> runs) {
    this.subjects = List.copyOf(subjects);
    this.runs = List.copyOf(runs);
    this.contrasts =
        corrected(
            scenarios.stream()
                .flatMap(scenario -> Arrays.stream(Metric.values()).flatMap(of(scenario)))
                .toList());
  }

  private Function<Metric, Stream<Contrast>> of(String scenario) {
    return metric ->
        subjects.stream()
            .filter(Subject::isOurs)
            .map(subject -> contrast(scenario, metric, subject))
            .flatMap(Optional::stream);
  }

  /** None without a peer that has the metric, or if the subject has not. */
  private Optional<Contrast> contrast(String scenario, Metric metric, Subject subject) {
    double[] ours = values(scenario, metric, subject);
    return bestPeer(scenario, metric)
        .filter(peer -> ours.length > 0)
        .map(
            peer -> {
              double[] theirs = values(scenario, metric, peer);
              double p = Statistics.pValue(ours, theirs);
              return new Contrast(
                  scenario,
                  metric,
                  subject.label(),
                  peer.label(),
                  Statistics.ofRatio(ours, theirs),
                  p,
                  p);
            });
  }

  private static List<Contrast> corrected(List<Contrast> contrasts) {
    double[] corrected =
        Statistics.holm(contrasts.stream().mapToDouble(Contrast::pValue).toArray());
    List<Contrast> result = new ArrayList<>();
    for (int i = 0; i < corrected.length; i++) {
      result.add(contrasts.get(i).withCorrected(corrected[i]));
    }
    return List.copyOf(result);
  }

  /** The peer with the best median. */
  Optional<Subject> bestPeer(String scenario, Metric metric) {
    Comparator<Subject> byMedian =
        Comparator.comparingDouble(peer -> Statistics.median(values(scenario, metric, peer)));
    return subjects.stream()
        .filter(Subject::isPeer)
        .filter(peer -> values(scenario, metric, peer).length > 0)
        .min(metric.moreIsBetter() ? byMedian.reversed() : byMedian);
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

  /** The ratio of the first subject's twin to the first, which are the same; none without it. */
  Optional<Estimate> noise(String scenario, Metric metric) {
    Subject first = subjects.get(0);
    return subjects.stream()
        .filter(Subject::twin)
        .findFirst()
        .map(
            twin ->
                Statistics.ofRatio(values(scenario, metric, twin), values(scenario, metric, first)))
        .filter(Estimate::isKnown);
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
