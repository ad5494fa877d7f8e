package dev.tidepool.benchmarks.report;

/**
 * One of the quantities that a suite measures. Of all of them less is better.
 *
 * @param key JMH's name of a secondary result, or {@link #TIME_KEY}
 * @param isCompared whether ratios between allocators say something
 */
record Metric(String key, String title, Unit unit, boolean isCompared) {
  static final String TIME_KEY = "";

  static final Metric TIME = new Metric(TIME_KEY, "ns an operation", Unit.NANOSECONDS, true);
  static final Metric HELD =
      new Metric("heldBytes", "bytes held upstream when an iteration ended", Unit.BYTES, true);
  static final Metric GARBAGE =
      new Metric("gc.alloc.rate.norm", "bytes of garbage a request", Unit.EXACT_BYTES, false);
  static final Metric LOOP_GARBAGE =
      new Metric(
          "garbageBytes",
          "bytes of garbage a request, on the event-loop thread",
          Unit.EXACT_BYTES,
          false);

  boolean isTime() {
    return key.equals(TIME_KEY);
  }
}
