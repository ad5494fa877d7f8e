package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.Estimate;
import dev.tidepool.benchmarks.Figures;
import java.util.Locale;

/**
 * How a quantity is written.
 *
 * @param isCompared whether less of it is better
 */
record Unit(String name, boolean isCompared) {
  static final Unit NANOS = new Unit(Figures.NANOS, true);
  static final Unit BYTES = new Unit(Figures.BYTES, true);

  private static final double KI = 1024;

  /** As {@link Figures} call it. */
  static Unit named(String name) {
    return switch (name) {
      case Figures.NANOS -> NANOS;
      case Figures.BYTES -> BYTES;
      default -> new Unit(name, name.equals(Figures.RATIO));
    };
  }

  String format(double value) {
    return switch (name) {
      case Figures.NANOS, Figures.RATIO -> plain(value);
      case Figures.BYTES -> bytes(value);
      case Figures.EXACT_BYTES -> String.format(Locale.ROOT, "%,.1f B", value);
      case Figures.COUNT -> number(value);
      default -> number(value) + ' ' + name;
    };
  }

  /** With its margin, if that is known. */
  String format(Estimate estimate) {
    String value = format(estimate.value());
    return estimate.hasInterval() ? value + " ± " + format(estimate.margin()) : value;
  }

  private static String bytes(double value) {
    if (Math.abs(value) < KI) {
      return String.format(Locale.ROOT, "%.0f B", value);
    }
    boolean small = Math.abs(value) < KI * KI;
    return plain(small ? value / KI : value / (KI * KI)) + (small ? " KiB" : " MiB");
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : plain(value);
  }

  /** How many times as much the next line of a logarithmic axis stands for. */
  int step() {
    return equals(BYTES) ? 4 : 10;
  }

  /** Three digits, or more before the point. */
  static String plain(double value) {
    double size = Math.abs(value);
    String format = size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, value);
  }

  /** A factor, without needless digits. */
  static String factor(double factor) {
    return factor == Math.rint(factor)
        ? String.format(Locale.ROOT, "%.0f", factor)
        : Double.toString(factor);
  }

  /** A ratio with its interval; nothing, if it is unknown. */
  static String ratio(Estimate ratio) {
    if (!ratio.isKnown()) {
      return "";
    }
    return ratio.hasInterval()
        ? "%s [%s, %s]".formatted(plain(ratio.value()), plain(ratio.low()), plain(ratio.high()))
        : plain(ratio.value());
  }
}
