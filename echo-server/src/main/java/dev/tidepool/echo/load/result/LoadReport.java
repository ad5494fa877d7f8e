package dev.tidepool.echo.load.result;

import dev.tidepool.echo.load.ErrorCause;
import dev.tidepool.echo.load.LoadFailure;
import dev.tidepool.echo.load.LoadResult;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * All that a load's result says. The components are the names of the JSON, times are in
 * nanoseconds.
 *
 * @param schemaVersion grows when a name goes or changes its meaning
 * @param started when the measurement began, as ISO 8601 has it
 * @param interrupted whether a signal ended the load early
 * @param gaveUp whether it ended before its time since nothing was answered any more
 * @param failure the first error, in words; null if there was none
 * @param histogram of the latencies from the send
 * @param errors by cause
 * @param server null where the server's figures were not read
 * @param files that were written
 */
public record LoadReport(
    int schemaVersion,
    Verdict verdict,
    Configuration configuration,
    String started,
    boolean interrupted,
    boolean gaveUp,
    @Nullable String failure,
    Rates rates,
    Latencies latency,
    List<HistogramBucket> histogram,
    Map<String, Long> errors,
    Bytes bytes,
    LoadResult.ClientSide client,
    @Nullable ServerSide server,
    List<Threshold.Judged> thresholds,
    List<String> files) {
  static final int SCHEMA_VERSION = 1;

  public LoadReport {
    histogram = List.copyOf(histogram);
    errors = Collections.unmodifiableMap(new TreeMap<>(errors));
    thresholds = List.copyOf(thresholds);
    files = List.copyOf(files);
  }

  /**
   * Latencies from a request's write, and from the time at which the schedule had it.
   *
   * @param intended null without a schedule
   */
  public record Latencies(LatencyFigures actual, @Nullable LatencyFigures intended) {
    static Latencies of(LoadResult result) {
      Histogram intended = result.intendedLatencies();
      return new Latencies(
          LatencyFigures.of(result.latencies()),
          intended == null ? null : LatencyFigures.of(intended));
    }
  }

  /**
   * Bytes of answers, headers included: those that were right, those that were not to be verified,
   * and those that were wrong.
   */
  public record Bytes(long verified, long unverified, long mismatched) {}

  /**
   * Of a load that has ended.
   *
   * @param server null where the server's figures were not read
   */
  public static LoadReport of(
      LoadResult result,
      Configuration configuration,
      @Nullable ServerSide server,
      List<Threshold> thresholds,
      List<String> files) {
    Double rate = configuration.ratePerSecond();
    return new LoadReport(
        SCHEMA_VERSION,
        Verdict.of(result, rate),
        configuration,
        result.started().toString(),
        result.interrupted(),
        result.gaveUp(),
        text(result.failure()),
        Rates.of(result, rate),
        Latencies.of(result),
        HistogramBucket.of(result.latencies()),
        named(result.errors()),
        new Bytes(result.bytesVerified(), result.bytesUnverified(), result.bytesMismatched()),
        result.client(),
        server,
        thresholds.stream().map(each -> each.judge(result)).toList(),
        files);
  }

  private static @Nullable String text(@Nullable LoadFailure failure) {
    return failure == null ? null : failure.toString();
  }

  private static Map<String, Long> named(Map<ErrorCause, Long> errors) {
    Map<String, Long> named = new TreeMap<>();
    errors.forEach((cause, count) -> named.put(cause.toString(), count));
    return named;
  }

  /** Whether a threshold was missed. */
  public boolean missesThreshold() {
    return thresholds.stream().anyMatch(judged -> !judged.met());
  }

  /** Whether a threshold says how many errors there may be. */
  public boolean limitsErrors() {
    return thresholds.stream().anyMatch(judged -> Threshold.parse(judged.text()).limitsErrors());
  }

  /** All errors together. */
  public long errorCount() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Buffers that the server reported as leaked meanwhile. */
  public long leaks() {
    return server == null ? 0 : server.leaks();
  }
}
