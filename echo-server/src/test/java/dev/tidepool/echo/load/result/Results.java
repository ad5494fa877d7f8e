package dev.tidepool.echo.load.result;

import dev.tidepool.echo.load.ErrorCause;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.server.ServerFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Results of loads, for tests: of ten seconds, on one event loop that was not busy. */
public final class Results {
  public static final Duration ELAPSED = Duration.ofSeconds(10);
  public static final Instant STARTED = Instant.parse("2026-01-02T03:04:05Z");

  private static final long MICRO = 1_000;

  private Results() {}

  /** One sample for each of 1 to {@code count} microseconds. */
  public static Histogram histogram(long count) {
    Histogram histogram = new Histogram(3);
    LongStream.rangeClosed(1, count).forEach(micros -> histogram.recordValue(micros * MICRO));
    return histogram;
  }

  public static LoadResult of(long answered) {
    return new Builder().answered(answered).build();
  }

  public static Configuration configuration(@Nullable Double ratePerSecond) {
    return new Configuration(
        "127.0.0.1:7007",
        "framed",
        false,
        "nio",
        8,
        1,
        4,
        ratePerSecond,
        ELAPSED.toNanos(),
        null,
        0,
        0,
        ELAPSED.toNanos(),
        "64..64K",
        42,
        Map.of());
  }

  public static ServerFigures server(long requests, long cpuNanos, long leaks) {
    return server(requests, cpuNanos, 8, 0, leaks);
  }

  public static ServerFigures server(
      long requests, long cpuNanos, long openArenas, long buffersOfClosed, long leaks) {
    return new ServerFigures(
        7,
        "arena",
        requests,
        cpuNanos,
        cpuNanos / 2,
        cpuNanos / 2,
        1 << 20,
        2 << 20,
        4096,
        0,
        openArenas,
        1,
        buffersOfClosed,
        leaks,
        3,
        5_000);
  }

  /** Makes a result of which a test says what matters to it. */
  public static final class Builder {
    private Duration elapsed = ELAPSED;
    private @Nullable Long scheduled = 1_000L;
    private long answered = 1_000;
    private long sent = -1;
    private long failed = -1;
    private @Nullable Histogram intended;
    private Map<ErrorCause, Long> errors = Map.of();
    private long mismatched;
    private long cpuNanosPerProcessor = Duration.ofSeconds(1).toNanos();
    private long busiestLoopNanos = Duration.ofSeconds(1).toNanos();
    private long latestSendNanos;
    private boolean interrupted;
    private boolean gaveUp;

    public Builder elapsed(Duration time) {
      elapsed = time;
      return this;
    }

    public Builder scheduled(@Nullable Long count) {
      scheduled = count;
      return this;
    }

    public Builder answered(long count) {
      answered = count;
      return this;
    }

    public Builder sent(long count) {
      sent = count;
      return this;
    }

    public Builder failed(long count) {
      failed = count;
      return this;
    }

    public Builder intended(Histogram histogram) {
      intended = histogram;
      return this;
    }

    public Builder errors(Map<ErrorCause, Long> counts) {
      errors = counts;
      return this;
    }

    public Builder mismatched(long bytes) {
      mismatched = bytes;
      return this;
    }

    public Builder cpuPerProcessor(Duration time) {
      cpuNanosPerProcessor = time.toNanos();
      return this;
    }

    public Builder busiestLoop(Duration time) {
      busiestLoopNanos = time.toNanos();
      return this;
    }

    public Builder latestSend(Duration time) {
      latestSendNanos = time.toNanos();
      return this;
    }

    public Builder interrupted() {
      interrupted = true;
      return this;
    }

    public Builder gaveUp() {
      gaveUp = true;
      return this;
    }

    public LoadResult build() {
      return new LoadResult(
          STARTED,
          elapsed,
          scheduled,
          sent < 0 ? answered : sent,
          answered,
          failed < 0 ? errors.values().stream().mapToLong(Long::longValue).sum() : failed,
          answered * 100,
          0,
          mismatched,
          histogram(answered),
          intended,
          errors,
          new LoadResult.ClientSide(
              Duration.ofSeconds(2).toNanos(),
              cpuNanosPerProcessor,
              1,
              busiestLoopNanos,
              latestSendNanos,
              64 << 20),
          interrupted,
          gaveUp,
          null);
    }
  }
}
