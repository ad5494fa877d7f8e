package dev.tidepool.benchmarks.report;

import java.util.Locale;

/** How a quantity is written. */
enum Unit {
  NANOSECONDS {
    @Override
    String format(double value) {
      return plain(value);
    }
  },
  EXACT_BYTES {
    @Override
    String format(double value) {
      return String.format(Locale.ROOT, "%,.1f", value);
    }
  },
  BYTES {
    @Override
    String format(double value) {
      if (Math.abs(value) < KI) {
        return String.format(Locale.ROOT, "%.0f B", value);
      }
      boolean small = Math.abs(value) < KI * KI;
      return plain(small ? value / KI : value / (KI * KI)) + (small ? " KiB" : " MiB");
    }
  },
  NUMBER {
    @Override
    String format(double value) {
      return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : plain(value);
    }
  };

  private static final double KI = 1024;

  abstract String format(double value);

  /** How many times as much the next line of a logarithmic axis stands for. */
  final int step() {
    return this == BYTES ? 4 : 10;
  }

  /** With its margin, if that is known. */
  final String format(Estimate estimate) {
    String value = format(estimate.value());
    return estimate.hasInterval() ? value + " ± " + format(estimate.margin()) : value;
  }

  /** The memory suites' names for units. */
  static Unit named(String name) {
    return name.equals("bytes") ? BYTES : NUMBER;
  }

  /** Three digits, or more before the point. */
  static String plain(double value) {
    double size = Math.abs(value);
    String format = size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, value);
  }
}
