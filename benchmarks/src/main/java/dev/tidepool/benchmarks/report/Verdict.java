package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.Estimate;

/** Whether a target is met, as far as the measurement can tell. */
enum Verdict {
  MET("met"),
  PROBABLY_MET("met?"),
  PROBABLY_MISSED("**missed?**"),
  MISSED("**missed**");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /** Of a figure that ought to be at least {@code limit}. */
  static Verdict ofAtLeast(Estimate figure, double limit) {
    if (figure.value() >= limit) {
      return figure.low() >= limit ? MET : PROBABLY_MET;
    }
    return figure.high() < limit ? MISSED : PROBABLY_MISSED;
  }

  /** Of a figure that ought to be at most {@code limit}. */
  static Verdict ofAtMost(Estimate figure, double limit) {
    if (figure.value() <= limit) {
      return figure.high() <= limit ? MET : PROBABLY_MET;
    }
    return figure.low() > limit ? MISSED : PROBABLY_MISSED;
  }

  boolean isMet() {
    return this == MET || this == PROBABLY_MET;
  }

  @Override
  public String toString() {
    return words;
  }
}
