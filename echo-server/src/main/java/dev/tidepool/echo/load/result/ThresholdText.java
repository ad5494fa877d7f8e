package dev.tidepool.echo.load.result;

import static dev.tidepool.echo.figures.Figures.format;
import static dev.tidepool.echo.figures.Figures.nanos;

/** A judged threshold in words. */
final class ThresholdText {
  private ThresholdText() {}

  static String of(Threshold.Judged judged) {
    return judged.text() + (judged.met() ? " met: " : " MISSED: ") + actual(judged);
  }

  private static String actual(Threshold.Judged judged) {
    Double actual = judged.actual();
    if (actual == null) {
      return "nothing was measured";
    }
    return Threshold.parse(judged.text()).isOfTime()
        ? nanos(Math.round(actual))
        : format("%,.2f", actual);
  }
}
