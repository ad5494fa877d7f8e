package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.RunResult.Latency;
import dev.tidepool.echo.compare.RunResult.Phase;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** What is compared of a scenario, the most telling first. */
enum Metric {
  CPU(
      "CPU a request",
      "CPU time of the server's event loops for a request, flat out",
      Unit.CPU,
      false,
      run -> run.flatOut().loopCpuNanos()),
  CPU_AT_RATE(
      "CPU a request at the common rate",
      "CPU time of the server's event loops for a request, at a rate that all can hold",
      Unit.CPU,
      false,
      atRate(Phase::loopCpuNanos)),
  PROCESS_CPU(
      "CPU of the process a request",
      "The same with the JVM's own threads, such as its compilers and collector, flat out",
      Unit.CPU,
      false,
      run -> run.flatOut().processCpuNanos()),
  THROUGHPUT(
      "Throughput",
      "Requests answered a second, flat out",
      Unit.RATE,
      true,
      run -> run.flatOut().perSecond()),
  P50(
      "p50",
      "Latency from the intended time, at the common rate",
      Unit.TIME,
      false,
      latency(Latency::p50)),
  P99(
      "p99",
      "Latency from the intended time, at the common rate",
      Unit.TIME,
      false,
      latency(Latency::p99)),
  P999(
      "p99.9",
      "Latency from the intended time, at the common rate",
      Unit.TIME,
      false,
      latency(Latency::p999)),
  PEAK_RESIDENT(
      "Peak resident memory",
      "The most memory that the server's process had in physical memory",
      Unit.BYTES,
      false,
      known(RunResult::peakResidentBytes)),
  SETTLED_RESIDENT(
      "Settled resident memory",
      "The resident memory at the end of the silence after the load, its connections open",
      Unit.BYTES,
      false,
      known(RunResult::settledResidentBytes)),
  PEAK_UPSTREAM(
      "Peak upstream memory",
      "The most that the allocator held, by its own metric",
      Unit.BYTES,
      false,
      known(RunResult::peakUpstreamBytes)),
  GC_COUNT(
      "Collections",
      "Garbage collections in both measurements",
      Unit.COUNT,
      false,
      run -> run.gcCount()),
  GC_TIME(
      "Time in collections",
      "Time in garbage collections in both measurements",
      Unit.TIME,
      false,
      run -> run.gcNanos());

  private final String title;
  private final String description;
  private final Unit unit;
  private final boolean moreIsBetter;
  private final ToDoubleFunction<RunResult> figure;

  Metric(
      String title,
      String description,
      Unit unit,
      boolean moreIsBetter,
      ToDoubleFunction<RunResult> figure) {
    this.title = title;
    this.description = description;
    this.unit = unit;
    this.moreIsBetter = moreIsBetter;
    this.figure = figure;
  }

  private static ToDoubleFunction<RunResult> atRate(ToDoubleFunction<Phase> figure) {
    return run -> {
      Phase phase = run.atRate();
      return phase == null ? Double.NaN : figure.applyAsDouble(phase);
    };
  }

  private static ToDoubleFunction<RunResult> latency(ToLongFunction<Latency> figure) {
    return atRate(phase -> figure.applyAsLong(phase.latency()));
  }

  /** A figure that is -1 where it is not known. */
  private static ToDoubleFunction<RunResult> known(ToLongFunction<RunResult> figure) {
    return run -> {
      long value = figure.applyAsLong(run);
      return value < 0 ? Double.NaN : value;
    };
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
    return figure.applyAsDouble(run);
  }

  /** Whether a ratio to another's figure is better than equal. */
  boolean isBetter(double ratio) {
    return moreIsBetter ? ratio > 1 : ratio < 1;
  }
}
