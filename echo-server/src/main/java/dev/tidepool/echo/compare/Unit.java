package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;

/** The units of figures, as pages print them. */
enum Unit {
  /** Nanoseconds, printed as microseconds with enough digits for one request's CPU. */
  CPU {
    @Override
    String print(double value) {
      return Figures.format(value < 100_000 ? "%.2f µs" : "%,.0f µs", value / 1e3);
    }
  },

  /** Nanoseconds of latency. */
  TIME {
    @Override
    String print(double value) {
      return Figures.nanos(Math.round(value));
    }
  },

  RATE {
    @Override
    String print(double value) {
      return Figures.format(value < 100 ? "%.1f/s" : "%,.0f/s", value);
    }
  },

  BYTES {
    @Override
    String print(double value) {
      return Figures.bytes(Math.round(value));
    }
  },

  COUNT {
    @Override
    String print(double value) {
      return Figures.format(value == Math.rint(value) ? "%,.0f" : "%,.1f", value);
    }
  };

  /** A figure with its unit. */
  abstract String print(double value);
}
