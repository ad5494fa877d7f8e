package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.RunResult.Latency;
import dev.tidepool.echo.compare.RunResult.Phase;
import org.jspecify.annotations.Nullable;

/** What is compared of a scenario, the most telling first. */
enum Metric {
  CPU(
      "CPU a request",
      "CPU time of the server's threads and collections for a request, flat out; without the compiler",
      Unit.CPU,
      false),
  CPU_AT_RATE(
      "CPU a request at the common rate", "The same at a rate that all can hold", Unit.CPU, false),
  PROCESS_CPU(
      "CPU of the process a request",
      "CPU time of the whole process for a request, flat out",
      Unit.CPU,
      false),
  THROUGHPUT("Throughput", "Requests answered a second, flat out", Unit.RATE, true),
  P50("p50", "Latency from the intended time, at the common rate", Unit.TIME, false),
  P99("p99", "Latency from the intended time, at the common rate", Unit.TIME, false),
  P999("p99.9", "Latency from the intended time, at the common rate", Unit.TIME, false),
  PEAK_RESIDENT(
      "Peak resident memory",
      "The most memory that the server's process had in physical memory",
      Unit.BYTES,
      false),
  PEAK_ABOVE_START(
      "Peak resident memory above the start",
      "The same less what the process had when it listened",
      Unit.BYTES,
      false),
  SETTLED_RESIDENT(
      "Settled resident memory",
      "The resident memory at the end of the silence after the load, its connections open",
      Unit.BYTES,
      false),
  PEAK_UPSTREAM(
      "Peak upstream memory",
      "The most that the allocator held, by its own metric, of samples ten times a second",
      Unit.BYTES,
      false),
  SETTLED_UPSTREAM(
      "Settled upstream memory",
      "What the allocator held at the end of the silence",
      Unit.BYTES,
      false),
  GC_COUNT(
      "Collections for a million requests",
      "Garbage collections in both measurements",
      Unit.COUNT,
      false),
  GC_TIME("Time in collections for a request", "In both measurements", Unit.CPU, false);

  /** Of fewer latencies the percentile is one of the largest of them, and says little. */
  private static final long LEAST_FOR_P99 = 1_000;

  private static final long LEAST_FOR_P999 = 10_000;
  private static final double MILLION = 1e6;

  private final String title;
  private final String description;
  private final Unit unit;
  private final boolean moreIsBetter;

  Metric(String title, String description, Unit unit, boolean moreIsBetter) {
    this.title = title;
    this.description = description;
    this.unit = unit;
    this.moreIsBetter = moreIsBetter;
  }

  String title() {
    return title;
  }

  String description() {
    return description;
  }

  Unit unit() {
    return unit;
  }

  /** Whether the greater of two figures is the better one. */
  boolean moreIsBetter() {
    return moreIsBetter;
  }

  /** The figure of a run; NaN if it has none. */
  double of(RunResult run) {
    return switch (this) {
      case CPU -> run.flatOut().javaCpuNanos();
      case PROCESS_CPU -> run.flatOut().processCpuNanos();
      case THROUGHPUT -> run.flatOut().perSecond();
      case CPU_AT_RATE, P50, P99, P999 -> atRate(run.atRate());
      case PEAK_RESIDENT -> known(run.peakResidentBytes());
      case SETTLED_RESIDENT -> known(run.settledResidentBytes());
      case PEAK_ABOVE_START -> known(run.peakResidentBytes()) - known(residentAtStart(run));
      case PEAK_UPSTREAM -> known(run.peakUpstreamBytes());
      case SETTLED_UPSTREAM -> known(run.settledUpstreamBytes());
      case GC_COUNT -> MILLION * run.gcCount() / requests(run);
      case GC_TIME -> run.gcNanos() / requests(run);
    };
  }

  private static long residentAtStart(RunResult run) {
    return run.memory().isEmpty() ? -1 : run.memory().get(0).residentBytes();
  }

  private static double requests(RunResult run) {
    long atRate = run.atRate() == null ? 0 : run.atRate().requests();
    return Math.max(1, run.flatOut().requests() + atRate);
  }

  private double atRate(@Nullable Phase phase) {
    if (phase == null) {
      return Double.NaN;
    }
    Latency latency = phase.latency();
    return switch (this) {
      case P50 -> (double) latency.p50();
      case P99 -> latency.count() < LEAST_FOR_P99 ? Double.NaN : latency.p99();
      case P999 -> latency.count() < LEAST_FOR_P999 ? Double.NaN : latency.p999();
      default -> phase.javaCpuNanos();
    };
  }

  /** A figure that is -1 where it is not known. */
  private static double known(long figure) {
    return figure < 0 ? Double.NaN : (double) figure;
  }

  /** Whether the one figure is better than the other; equal ones are not. */
  boolean isBetter(double one, double other) {
    return moreIsBetter ? one > other : one < other;
  }
}
