package dev.tidepool.echo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whether aims are reached, by runs whose figures are known. */
class TargetTest {
  private static final String NEVER = "every other scenario, CPU a request: never";
  private static final String HALF = "every other scenario, CPU a request: connection";
  private static final String P999 = "every scenario, p99.9: never";
  private static final String RATIO = "http-buffers, CPU a request: connection";

  private static List<String> all() {
    return Scenarios.all().stream().map(Scenario::name).toList();
  }

  private static List<Target> targets(List<String> scenarios, int rounds) {
    return targets(scenarios, MadeRuns.contents(scenarios, rounds).runs());
  }

  private static List<Target> targets(List<String> scenarios, List<RunResult> runs) {
    return Target.of(new Analysis(scenarios, MadeRuns.SUBJECTS, runs));
  }

  private static Target target(List<Target> targets, String begin) {
    List<Target> found =
        targets.stream().filter(target -> target.text().startsWith(begin)).toList();
    assertThat(found).as("%s", begin).hasSize(1);
    return found.get(0);
  }

  private static @Nullable Boolean met(List<Target> targets, String begin) {
    return target(targets, begin).met();
  }

  @Test
  void ofAllScenariosSomeAreReachedAndSomeMissed() {
    List<Target> targets = targets(all(), 10);
    assertThat(met(targets, RATIO)).isTrue();
    assertThat(met(targets, "http-buffers, CPU a request: arena")).as("1 × is no 0.85").isFalse();
    assertThat(met(targets, NEVER)).isTrue();
    assertThat(met(targets, HALF)).isTrue();
    assertThat(met(targets, P999)).isTrue();
    assertThat(target(targets, P999).found()).isEqualTo("in none of 22 comparisons");
  }

  @Test
  void residentMemoryIsJudgedForBoth() {
    List<Target> targets = targets(all(), 10);
    assertThat(met(targets, "burst, Settled resident memory: connection")).isTrue();
    assertThat(targets)
        .filteredOn(target -> target.text().contains("esident memory"))
        .hasSize(4)
        .filteredOn(target -> target.text().contains(": arena"))
        .hasSize(2);
  }

  @Test
  void aScenarioThatWasLeftOutLeavesItOpen() {
    List<Target> targets =
        targets(List.of(Scenarios.HTTP_BUFFERS, "framed", "tls", Scenarios.BURST), 10);
    assertThat(met(targets, NEVER)).isNull();
    assertThat(target(targets, NEVER).found())
        .isEqualTo("in none of 6 comparisons; 3 of 9 scenarios were run");
    assertThat(met(targets, HALF)).isNull();
    assertThat(target(targets, HALF).found())
        .isEqualTo("in 3 of 3 comparisons; 3 of 9 scenarios were run");
    assertThat(met(targets, P999)).isNull();
    assertThat(target(targets, "many-connections, Peak resident memory: arena").found())
        .isEqualTo("not run");
  }

  /** In tls no run has a p99.9, in burst none of connection. */
  @Test
  void aScenarioWithTooFewLatenciesWasRunAllTheSame() {
    List<String> scenarios = List.of("framed", "tls", Scenarios.BURST);
    Target target =
        target(
            withFewLatencies(
                scenarios,
                run ->
                    run.scenario().equals("tls")
                        || (run.scenario().equals(Scenarios.BURST)
                            && run.subject().equals("connection"))),
            P999);
    assertThat(target.met()).isNull();
    assertThat(target.found())
        .isEqualTo(
            "in none of 3 comparisons; 3 of 11 scenarios were run; p99.9 of connection could be"
                + " compared in 1 of these; p99.9 of arena could be compared in 2 of these");
  }

  @Test
  void withTooFewLatenciesInAllThereIsNoComparison() {
    List<String> two = List.of("framed", "tls");
    assertThat(target(withFewLatencies(two, run -> true), P999).found())
        .isEqualTo(
            "no comparison; 2 of 11 scenarios were run; p99.9 of connection and arena could be"
                + " compared in 0 of these");
    assertThat(target(withFewLatencies(all(), run -> run.scenario().equals("h2")), P999).found())
        .isEqualTo(
            "in none of 20 comparisons; p99.9 of connection and arena could be compared in 10 of 11"
                + " scenarios");
  }

  private static List<Target> withFewLatencies(List<String> scenarios, Predicate<RunResult> which) {
    List<RunResult> runs = new ArrayList<>(MadeRuns.contents(scenarios, 10).runs());
    runs.replaceAll(run -> which.test(run) ? MadeRuns.withFewLatencies(run) : run);
    return targets(scenarios, runs);
  }

  @Test
  void anAllocatorThatWasLeftOutIsSaidToBe() {
    List<RunResult> runs = new ArrayList<>(MadeRuns.contents(all(), 10).runs());
    runs.removeIf(run -> run.subject().equals("arena"));
    List<Target> targets = targets(all(), runs);
    assertThat(target(targets, NEVER).found()).isEqualTo("in none of 9 comparisons; without arena");
    assertThat(target(targets, "burst, Settled resident memory: arena").found())
        .isEqualTo("not run with arena");
    runs.removeIf(run -> !run.subject().startsWith("connection"));
    assertThat(target(targets(all(), runs), RATIO).found())
        .isEqualTo("run, but without a ratio to a peer");
  }

  @Test
  void whatCannotBeSignificantIsNotReached() {
    List<Target> targets = targets(all(), 3);
    for (String begin : List.of(NEVER, HALF, P999)) {
      assertThat(met(targets, begin)).as(begin).isNull();
      assertThat(target(targets, begin).found())
          .as(begin)
          .contains("; too few runs with ")
          .endsWith(" to tell");
    }
  }

  @Test
  void aScenarioInWhichWeAreWorseMissesItsTarget() {
    List<RunResult> runs = new ArrayList<>(MadeRuns.contents(List.of("framed"), 10).runs());
    runs.replaceAll(run -> MadeRuns.with(run, swapped(run.subject()), run.atRate()));
    List<Target> targets = targets(List.of("framed"), runs);
    assertThat(met(targets, NEVER)).isFalse();
    assertThat(met(targets, P999)).isFalse();
    assertThat(target(targets, NEVER).found()).startsWith("worse: connection in framed (");
  }

  private static String swapped(String subject) {
    return switch (subject) {
      case "connection" -> "pooled";
      case "pooled" -> "connection";
      default -> subject;
    };
  }

  @Test
  void withoutASignificantDifferenceInHalfItIsMissed() {
    List<RunResult> runs = new ArrayList<>(MadeRuns.contents(all(), 10).runs());
    runs.replaceAll(run -> MadeRuns.with(run, swapped(run.subject()), run.atRate()));
    assertThat(met(targets(all(), runs), HALF)).isFalse();
  }

  @Test
  void aLimitWithinTheIntervalLeavesItOpen() {
    Target open = target(targets(List.of(Scenarios.HTTP_BUFFERS), runs(0.5, 0.65)), RATIO);
    assertThat(open.met()).isNull();
    assertThat(open.found()).startsWith("undecided: 0.5").endsWith(" of pooled");
    List<RunResult> above = runs(0.62, 0.7);
    assertThat(met(targets(List.of(Scenarios.HTTP_BUFFERS), above), RATIO)).isFalse();
    List<RunResult> below = runs(0.5, 0.58);
    assertThat(met(targets(List.of(Scenarios.HTTP_BUFFERS), below), RATIO)).isTrue();
  }

  /** Ten rounds in which connection's factor alternates, and the peers' is 1. */
  private static List<RunResult> runs(double even, double odd) {
    SplittableRandom random = new SplittableRandom(7);
    List<RunResult> runs = new ArrayList<>();
    for (int round = 1; round <= 10; round++) {
      for (Subject subject : MadeRuns.SUBJECTS) {
        double ours = round % 2 == 0 ? even : odd;
        double factor = subject.isPeer() ? 1 : ours;
        runs.add(MadeRuns.run(Scenarios.HTTP_BUFFERS, subject, round, runs.size(), factor, random));
      }
    }
    return runs;
  }
}
