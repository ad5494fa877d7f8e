package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the first allocator and its twin, an A/A pair, show of the noise, in words. */
final class NoiseWords {
  private final List<Subject> subjects;
  private final List<Contrast> twins;

  NoiseWords(List<Subject> subjects, List<Contrast> twins) {
    this.subjects = subjects;
    this.twins = twins;
  }

  /** Without a full stop. */
  List<String> sentences() {
    Optional<Subject> twin = subjects.stream().filter(Subject::twin).findFirst();
    if (twin.isEmpty() || twins.isEmpty()) {
      return List.of("No allocator was run twice");
    }
    String cpu = farthest(Metric.CPU).map(NoiseWords::words).orElse("");
    return List.of(
        Figures.format(
            "%s and %s are the same allocator, an A/A pair: only noise makes them differ. By the"
                + " test and the correction of all others, %d of %s significant%s",
            subjects.get(0).label(), twin.get().label(), significant(), comparisons(), cpu),
        "Each ratio below, with its 95 % interval, is one sample of the noise and no bound on it:"
            + " runs of another day have another, and it may be larger");
  }

  private long significant() {
    return twins.stream().filter(Contrast::isSignificant).count();
  }

  private String comparisons() {
    return Figures.count(twins.size(), "A/A comparison is", "A/A comparisons are");
  }

  private Optional<Contrast> farthest(Metric metric) {
    return twins.stream()
        .filter(twin -> twin.metric() == metric && twin.ratio().isKnown())
        .max(Comparator.comparingDouble(twin -> Math.abs(Math.log(twin.ratio().value()))));
  }

  private static String words(Contrast twin) {
    return Figures.format(
        ". The largest difference in %s is %s, in %s",
        twin.metric().title(), twin.ratio().ratioWords(), twin.scenario());
  }
}
