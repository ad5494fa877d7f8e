package dev.tidepool.benchmarks;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * The figures that a benchmark finds beside its time, under names of its own: the JMH profiler that
 * makes them secondary results of the iteration. On JMH's command line: {@code -prof
 * dev.tidepool.benchmarks.Figures}.
 */
public final class Figures implements InternalProfiler {
  /** The time of an operation, which JMH measures. */
  public static final String TIME = "ns an operation";

  public static final String HELD = "upstream bytes held";
  public static final String RSS_RISE = "RSS above the start";
  public static final String PEAK_HELD = "peak upstream bytes held";
  public static final String PEAK_RSS = "peak RSS above the start";

  // Units
  public static final String NANOS = "ns";
  public static final String BYTES = "bytes";
  public static final String EXACT_BYTES = "B";
  public static final String COUNT = "count";
  public static final String RATIO = "ratio";

  /** Between a result's number, its situation and its figure; JMH sorts results by their names. */
  private static final String SEPARATOR = " | ";

  /** Static, as JMH makes the profiler itself. */
  private static final List<Result<?>> FOUND = new ArrayList<>();

  /**
   * Adds a figure.
   *
   * @param situation in which it was taken, beside the benchmark's parameters; may be empty
   */
  public static synchronized void add(String situation, String figure, String unit, Number value) {
    String number = "%03d".formatted(FOUND.size());
    String words = String.join(SEPARATOR, number, situation, figure);
    String name = URLEncoder.encode(words, StandardCharsets.UTF_8); // JMH breaks lines at commas
    FOUND.add(new ScalarResult(name, value.doubleValue(), unit, AggregationPolicy.AVG));
  }

  /** A result's number, its situation and its figure. */
  public static String[] parts(String name) {
    return URLDecoder.decode(name, StandardCharsets.UTF_8).split(Pattern.quote(SEPARATOR), -1);
  }

  /** What was added since the last call. */
  public static synchronized List<Result<?>> take() {
    List<Result<?>> taken = List.copyOf(FOUND);
    FOUND.clear();
    return taken;
  }

  @Override
  public String getDescription() {
    return "Figures that the benchmark finds itself";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {}

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    return take();
  }
}
