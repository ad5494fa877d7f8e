package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;

/**
 * One of Tidepool's allocators beside the best of its peers, in one metric of one scenario.
 *
 * @param scenario its name
 * @param metric what is compared
 * @param subject the label of the one
 * @param peer the label of the best peer, by its median
 * @param ratio of the one's median to the peer's
 * @param pValue of the two being equal
 * @param corrected the same, corrected for the number of comparisons on the page
 */
record Contrast(
    String scenario,
    Metric metric,
    String subject,
    String peer,
    Estimate ratio,
    double pValue,
    double corrected) {
  private static final double LEVEL = 0.05;

  Contrast withCorrected(double value) {
    return new Contrast(scenario, metric, subject, peer, ratio, pValue, value);
  }

  boolean isSignificant() {
    return corrected < LEVEL && ratio.isKnown() && ratio.value() != 1;
  }

  boolean isSignificantlyBetter() {
    return isSignificant() && metric.isBetter(ratio.value());
  }

  boolean isSignificantlyWorse() {
    return isSignificant() && !metric.isBetter(ratio.value());
  }

  /** The verdict, in one sentence. */
  String verdict() {
    if (!isSignificant()) {
      return metric.title()
          + ": no significant difference between "
          + subject
          + " and "
          + peer
          + figures();
    }
    return Figures.format(
        "%s: %s is significantly %s than %s%s",
        metric.title(),
        subject,
        metric.isBetter(ratio.value()) ? "better" : "worse",
        peer,
        figures());
  }

  private String figures() {
    return ratio.isKnown() ? " (" + ratioText() + ", " + probability() + ")" : "";
  }

  /** The ratio and its interval. */
  String ratioText() {
    return ratio.isKnown()
        ? Figures.format("%.2f ×, %.2f–%.2f", ratio.value(), ratio.low(), ratio.high())
        : "–";
  }

  String probability() {
    return corrected < 0.001 ? "p < 0.001" : Figures.format("p = %.3f", corrected);
  }
}
