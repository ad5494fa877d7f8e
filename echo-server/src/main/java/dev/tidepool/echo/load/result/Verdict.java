package dev.tidepool.echo.load.result;

import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.format;
import static dev.tidepool.echo.figures.Figures.nanos;
import static dev.tidepool.echo.figures.Figures.rate;

import dev.tidepool.echo.load.LoadResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a load's figures are worth.
 *
 * <p>The client was the bottleneck if one of its event loops used more than {@value #BUSY_PERCENT}
 * % of a core; if its process used as much of all processors, as four event loops do with half of
 * one each where there are two; or if a request was sent more than {@value #LATE_MILLIS} ms after
 * the schedule had it while its connection was ready to take it. A rate that was missed is by
 * itself no sign of that: with as many requests under way as are allowed, the client waits for
 * answers.
 *
 * <p>The rate was reached if at least {@value #REACHED_PERCENT} % of the requests that the schedule
 * had in the time were answered. Those that were cut off, as was asked for, could not be.
 *
 * <p>A run is invalid if the client was the bottleneck and the rate was given: the latencies are
 * then the client's own. Without a rate the throughput is a lower bound, which the text says.
 *
 * @param text one sentence
 * @param valid whether the figures are the server's
 * @param rateReached null without a rate
 */
public record Verdict(
    String text, boolean valid, boolean clientWasBottleneck, @Nullable Boolean rateReached) {
  static final int BUSY_PERCENT = 90;
  static final int LATE_MILLIS = 10;
  static final int REACHED_PERCENT = 99;

  private static final long LATE_NANOS = Duration.ofMillis(LATE_MILLIS).toNanos();

  /**
   * @param ratePerSecond null without a rate
   */
  static Verdict of(LoadResult result, @Nullable Double ratePerSecond) {
    boolean bottleneck = isLoopBusy(result) || isProcessBusy(result) || isLate(result);
    Long scheduled = ratePerSecond == null ? null : result.scheduled();
    Boolean reached = scheduled == null ? null : isReached(result, scheduled);
    String text =
        rateText(result, ratePerSecond, reached) + errorText(result) + clientText(result) + ".";
    boolean valid = !bottleneck || ratePerSecond == null;
    return new Verdict(text, valid, bottleneck, reached);
  }

  private static boolean isLoopBusy(LoadResult result) {
    return loopPercent(result) > BUSY_PERCENT;
  }

  private static boolean isProcessBusy(LoadResult result) {
    return processPercent(result) > BUSY_PERCENT;
  }

  private static boolean isLate(LoadResult result) {
    return result.client().latestSendNanos() > LATE_NANOS;
  }

  /** Of the core that the busiest event loop can have. */
  private static double loopPercent(LoadResult result) {
    return percent(result.client().busiestLoopNanos(), result);
  }

  /** Of all processors together. */
  private static double processPercent(LoadResult result) {
    return percent(result.client().cpuNanosPerProcessor(), result);
  }

  private static double percent(long nanos, LoadResult result) {
    return 100.0 * nanos / Math.max(1, result.elapsed().toNanos());
  }

  /** The last request of the schedule may be due just after the end. */
  private static boolean isReached(LoadResult result, long scheduled) {
    return result.answered() >= scheduled * (REACHED_PERCENT / 100.0) - 1;
  }

  private static String rateText(
      LoadResult result, @Nullable Double ratePerSecond, @Nullable Boolean reached) {
    String answered = rate(Rates.perSecond(result.answered(), result.elapsed()));
    if (ratePerSecond == null || reached == null) {
      return "The server answered " + answered + " requests a second";
    }
    return reached
        ? "The rate of " + rate(ratePerSecond) + " requests a second was reached"
        : "The rate of "
            + rate(ratePerSecond)
            + " requests a second was NOT reached (answered: "
            + answered
            + ")";
  }

  private static String errorText(LoadResult result) {
    long errors = result.errorCount();
    String text = errors == 0 ? "" : ", with " + count(errors, "error", "errors");
    return result.gaveUp() ? text + " until the load gave up" : text;
  }

  private static String clientText(LoadResult result) {
    String busy = format("its busiest event loop used %.0f %% of a core", loopPercent(result));
    if (isLoopBusy(result)) {
      return ", and the client was the BOTTLENECK: " + busy;
    }
    if (isProcessBusy(result)) {
      return format(
          ", and the client was the BOTTLENECK: its process used %.0f %% of all processors",
          processPercent(result));
    }
    if (isLate(result)) {
      return ", and the client was the BOTTLENECK: it sent up to "
          + nanos(result.client().latestSendNanos())
          + " late";
    }
    return "; the client was not the bottleneck: " + busy;
  }
}
