package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;

/**
 * One subject beside the best of its peers, in one metric of one scenario.
 *
 * @param scenario its name
 * @param metric what is compared
 * @param subject the label of the one
 * @param peer the label of the best peer, by its median
 * @param ours the one's median
 * @param theirs the best peer's median
 * @param ratio of the one's median to the best peer's
 * @param pValue of the one being no better, or no worse, than the best peer
 * @param corrected the same, corrected for the number of comparisons in this metric
 * @param size how much there is to compare
 */
record Contrast(
    String scenario,
    Metric metric,
    String subject,
    String peer,
    double ours,
    double theirs,
    Estimate ratio,
    double pValue,
    double corrected,
    Size size) {
  private static final double LEVEL = 0.05;

  /**
   * How much there is to compare.
   *
   * @param runs the fewest of the subject or a peer
   * @param peers how many there are
   * @param family how many comparisons are corrected together
   */
  record Size(int runs, int peers, int family) {}

  static Contrast of(String scenario, Metric metric, String subject, BestPeer best) {
    double p = best.pValue();
    return new Contrast(
        scenario,
        metric,
        subject,
        best.label(),
        best.ourMedian(),
        best.median(),
        best.ratio(),
        p,
        p,
        new Size(best.fewestRuns(), best.peers(), 1));
  }

  Contrast withCorrected(double value, int family) {
    return new Contrast(
        scenario,
        metric,
        subject,
        peer,
        ours,
        theirs,
        ratio,
        pValue,
        value,
        new Size(size.runs(), size.peers(), family));
  }

  boolean isSignificant() {
    return corrected < LEVEL && ours != theirs;
  }

  boolean isSignificantlyBetter() {
    return isSignificant() && isBetter();
  }

  boolean isSignificantlyWorse() {
    return isSignificant() && !isBetter();
  }

  /** By the medians, since there is no ratio to a median of zero. */
  private boolean isBetter() {
    return metric.isBetter(ours, theirs);
  }

  /** Whether there are enough runs for a difference for the better to be significant. */
  boolean canBeBetter() {
    return size.family() * Statistics.leastPValue(size.runs()) < LEVEL;
  }

  /** Whether there are enough runs for a difference for the worse to be significant. */
  boolean canBeWorse() {
    return size.peers() * size.family() * Statistics.leastPValue(size.runs()) < LEVEL;
  }

  /** The verdict, in one sentence. */
  String verdict() {
    String words =
        isSignificant()
            ? Figures.format(
                "%s is significantly %s than %s", subject, isBetter() ? "better" : "worse", peer)
            : Figures.format("no significant difference between %s and %s", subject, peer);
    return Figures.format("%s: %s (%s, %s)", metric.title(), words, text(), probability());
  }

  /** The ratio and its interval; both medians where there is no ratio. */
  String text() {
    return ratio.isKnown()
        ? ratio.ratioWords()
        : metric.unit().print(ours) + " against " + metric.unit().print(theirs);
  }

  String probability() {
    return corrected < 0.001 ? "p < 0.001" : Figures.format("p = %.3f", corrected);
  }
}
