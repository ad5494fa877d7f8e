package dev.tidepool.echo.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The order of the runs: in each round every scenario with every subject, whose order is reversed
 * in every second round (ABBA), so that a machine that slowly changes favours none of them. Each
 * pair of rounds begins with the next subject, so that none is always first, after another
 * scenario.
 */
final class RunOrder {
  private RunOrder() {}

  /** One run: a scenario with a subject. */
  record Step(int round, Scenario scenario, Subject subject) {}

  static List<Step> of(List<Scenario> scenarios, List<Subject> subjects, int rounds) {
    List<Step> steps = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (Scenario scenario : scenarios) {
        for (Subject subject : inRound(subjects, round)) {
          steps.add(new Step(round, scenario, subject));
        }
      }
    }
    return steps;
  }

  private static List<Subject> inRound(List<Subject> subjects, int round) {
    List<Subject> order = new ArrayList<>(subjects);
    Collections.rotate(order, -((round - 1) / 2));
    if (round % 2 == 0) {
      Collections.reverse(order);
    }
    return order;
  }
}
