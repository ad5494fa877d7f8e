package dev.tidepool.echo.load.result;

import static dev.tidepool.echo.figures.Figures.format;

import dev.tidepool.echo.load.LoadResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A limit that a load's result is held to: {@code p99<2ms}, {@code intended.p99.9<=5ms}, {@code
 * rate>=10000}, {@code errors<1}, {@code errors%<0.1}.
 *
 * <p>Where too few samples lie beyond a percentile, the maximum is judged in its place: if that is
 * below the limit, the percentile is. Without an answer no limit of a latency is met.
 *
 * <p>{@code errors} are as the result counts them: a connection that is cut is one. {@code errors%}
 * are requests, all that the connection had under way.
 *
 * @param text as it was given
 * @param intended whether the latency is that from the time which the schedule had
 * @param metric what is limited
 * @param operator one of {@code < <= > >=}
 * @param limit nanoseconds, requests a second, errors or percent
 */
public record Threshold(
    String text, boolean intended, String metric, String operator, double limit) {
  private static final String EXPECTED =
      "expected a latency (min, mean, max, p50 to p99.999, from the schedule as intended.p99) with"
          + " < or <= and a time, as p99<2ms, or rate, errors or errors%% with <, <=, > or >= and a"
          + " number, as rate>=1000 or errors%%<0.1";
  private static final Pattern FORM =
      Pattern.compile(
          "(intended\\.)?([a-z]+%?|p[0-9.]{1,9})\\s*([<>]=?)\\s*"
              + "([0-9]{1,12}(?:\\.[0-9]{1,9})?)\\s*(ns|us|µs|ms|s)?");
  private static final Pattern PERCENTILE = Pattern.compile("p(\\d{1,2}(?:\\.\\d{1,3})?)");

  /**
   * A threshold beside what it was held to.
   *
   * @param text the threshold as it was given
   * @param actual nanoseconds, requests a second, errors or percent; null if nothing was measured
   */
  public record Judged(String text, @Nullable Double actual, boolean met) {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none, with what is expected
   */
  public static Threshold parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (matcher.matches()) {
      boolean intended = matcher.group(1) != null;
      String metric = matcher.group(2);
      String operator = matcher.group(3);
      double number = Double.parseDouble(matcher.group(4));
      @Nullable String unit = matcher.group(5);
      if (isLatency(metric) && operator.startsWith("<") && unit != null) {
        return new Threshold(text, intended, metric, operator, number * nanos(unit));
      }
      if (isCount(metric) && !intended && unit == null) {
        return new Threshold(text, false, metric, operator, number);
      }
    }
    throw new IllegalArgumentException(format("'%s' is no threshold, " + EXPECTED, text));
  }

  private static double nanos(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs" -> 1e3;
      case "ms" -> 1e6;
      default -> 1e9;
    };
  }

  private static boolean isLatency(String metric) {
    return switch (metric) {
      case "min", "mean", "max" -> true;
      default -> PERCENTILE.matcher(metric).matches();
    };
  }

  private static boolean isCount(String metric) {
    return metric.equals("rate") || isOfErrors(metric);
  }

  private static boolean isOfErrors(String metric) {
    return metric.equals("errors") || metric.equals("errors%");
  }

  /** Whether the limit is a time, in nanoseconds. */
  boolean isOfTime() {
    return isLatency(metric);
  }

  /** Whether this says how many errors there may be. */
  public boolean limitsErrors() {
    return isOfErrors(metric);
  }

  Judged judge(LoadResult result) {
    @Nullable Double actual = actual(result);
    return new Judged(text, actual, actual != null && holds(actual));
  }

  private boolean holds(double actual) {
    return switch (operator) {
      case "<" -> actual < limit;
      case "<=" -> actual <= limit;
      case ">" -> actual > limit;
      default -> actual >= limit;
    };
  }

  private @Nullable Double actual(LoadResult result) {
    return switch (metric) {
      case "rate" -> Rates.perSecond(result.answered(), result.elapsed());
      case "errors" -> (double) result.errorCount();
      case "errors%" -> errorPercent(result);
      default -> latency(intended ? result.intendedLatencies() : result.latencies());
    };
  }

  /** Of what was tried: connections that did not open had no request. */
  private static double errorPercent(LoadResult result) {
    long tried = Math.max(result.sent(), result.answered() + result.failed());
    return tried == 0 ? 0 : 100.0 * result.failed() / tried;
  }

  private @Nullable Double latency(@Nullable Histogram histogram) {
    if (histogram == null || histogram.getTotalCount() == 0) {
      return null;
    }
    return switch (metric) {
      case "min" -> (double) histogram.getMinValue();
      case "mean" -> histogram.getMean();
      case "max" -> (double) histogram.getMaxValue();
      default -> percentile(histogram, Double.parseDouble(metric.substring(1)));
    };
  }

  private static double percentile(Histogram histogram, double percentile) {
    return Percentiles.value(histogram, percentile).orElse(histogram.getMaxValue());
  }
}
