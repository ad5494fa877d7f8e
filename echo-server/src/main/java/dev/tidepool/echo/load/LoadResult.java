package dev.tidepool.echo.load;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a load measured, without the warm-up. Requests that began before the end count, also those
 * answered after it; {@code elapsed} is the time in which requests began.
 *
 * <pre>
 *   sent == answered + requests that errors lost + requests given up by an early end
 * </pre>
 *
 * @param started the wall clock's time at the begin of the measurement
 * @param elapsed from the begin to the time at which the last request could begin; without a
 *     schedule and with a number of requests alone, to the last answer
 * @param scheduled requests that the schedule had in the time and that could be answered: without
 *     those that were cut off as was asked for; null without a schedule
 * @param sent requests that were begun
 * @param answered requests whose answers were complete and accepted
 * @param failed requests that errors lost, those of the warm-up too; an error that lost none, as of
 *     a connection that could not be opened, is one
 * @param bytesVerified bytes of answers that were right, headers included
 * @param bytesUnverified bytes of answers that the load was not asked to verify
 * @param bytesMismatched bytes of answers that were not the expected ones
 * @param latencies nanoseconds from a request's write to the last byte of its answer
 * @param intendedLatencies nanoseconds from the time at which the schedule has the request to the
 *     last byte of its answer; null without a schedule
 * @param errors by cause; a cause without errors is absent
 * @param client the load client's own side
 * @param interrupted whether a signal ended the load early: these are the figures until then
 * @param gaveUp whether the load ended before its time since nothing was answered any more
 * @param failure the first error, in words; null if there was none
 */
public record LoadResult(
    Instant started,
    Duration elapsed,
    @Nullable Long scheduled,
    long sent,
    long answered,
    long failed,
    long bytesVerified,
    long bytesUnverified,
    long bytesMismatched,
    Histogram latencies,
    @Nullable Histogram intendedLatencies,
    Map<ErrorCause, Long> errors,
    ClientSide client,
    boolean interrupted,
    boolean gaveUp,
    @Nullable LoadFailure failure) {

  /**
   * The load client's side, from which follows whether it was the bottleneck.
   *
   * @param cpuNanos CPU time of the client's process during the measurement
   * @param cpuNanosPerProcessor that time divided by the processors that the process may use
   * @param loops its event loops
   * @param busiestLoopNanos CPU time of the busiest event-loop thread during the measurement
   * @param latestSendNanos the longest time by which a request was sent later than the schedule had
   *     it while its connection was ready to take it: the client's own lateness; 0 without a
   *     schedule
   * @param residentBytes the process's resident memory at the end, -1 where it is not known
   */
  public record ClientSide(
      long cpuNanos,
      long cpuNanosPerProcessor,
      int loops,
      long busiestLoopNanos,
      long latestSendNanos,
      long residentBytes) {}

  /** All errors together. */
  public long errorCount() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }
}
