package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.RunResult.Phase;
import org.jspecify.annotations.Nullable;

/** What is compared of a scenario, the most telling first. */
enum Metric {
  CPU(
      "CPU a request",
      "CPU time of the server's event loops for a request, flat out",
      Unit.CPU,
      false),
  CPU_AT_RATE(
      "CPU a request at the common rate",
      "CPU time of the server's event loops for a request, at a rate that all can hold",
      Unit.CPU,
      false),
  PROCESS_CPU(
      "CPU of the process a request",
      "The same with the JVM's own threads, such as its compilers and collector, flat out",
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
  SETTLED_RESIDENT(
      "Settled resident memory",
      "The resident memory at the end of the silence after the load, its connections open",
      Unit.BYTES,
      false),
  PEAK_UPSTREAM(
      "Peak upstream memory",
      "The most that the allocator held, by its own metric",
      Unit.BYTES,
      false),
  GC_COUNT("Collections", "Garbage collections in both measurements", Unit.COUNT, false),
  GC_TIME(
      "Time in collections", "Time in garbage collections in both measurements", Unit.TIME, false);

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
      case CPU -> run.flatOut().loopCpuNanos();
      case PROCESS_CPU -> run.flatOut().processCpuNanos();
      case THROUGHPUT -> run.flatOut().perSecond();
      case CPU_AT_RATE, P50, P99, P999 -> atRate(run.atRate());
      case PEAK_RESIDENT -> known(run.peakResidentBytes());
      case SETTLED_RESIDENT -> known(run.settledResidentBytes());
      case PEAK_UPSTREAM -> known(run.peakUpstreamBytes());
      case GC_COUNT -> (double) run.gcCount();
      case GC_TIME -> (double) run.gcNanos();
    };
  }

  private double atRate(@Nullable Phase phase) {
    if (phase == null) {
      return Double.NaN;
    }
    return switch (this) {
      case P50 -> (double) phase.latency().p50();
      case P99 -> (double) phase.latency().p99();
      case P999 -> (double) phase.latency().p999();
      default -> phase.loopCpuNanos();
    };
  }

  /** A figure that is -1 where it is not known. */
  private static double known(long figure) {
    return figure < 0 ? Double.NaN : (double) figure;
  }

  /** Whether a ratio to another's figure is better than equal. */
  boolean isBetter(double ratio) {
    return moreIsBetter ? ratio > 1 : ratio < 1;
  }
}
