package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.WrongAnswerException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** The running totals of a load, counted on all event loops. */
public final class LoadTally {
  private static final int SIGNIFICANT_DIGITS = 3;

  private final LongAdder requests = new LongAdder();
  private final LongAdder bytesVerified = new LongAdder();
  private final LongAdder bytesMismatched = new LongAdder();
  private final Recorder latencies = new Recorder(SIGNIFICANT_DIGITS);
  private final AtomicReference<@Nullable LoadFailure> failure = new AtomicReference<>();
  private volatile boolean stopping;

  void verified(int bytes) {
    bytesVerified.add(bytes);
  }

  void answered(long latencyNanos) {
    requests.increment();
    latencies.recordValue(latencyNanos);
  }

  /** The first failure ends the whole load. */
  void failed(int connection, Throwable cause) {
    if (cause instanceof WrongAnswerException wrong) {
      bytesMismatched.add(wrong.wrongBytes());
    }
    failure.compareAndSet(null, new LoadFailure(connection, cause));
    stop();
  }

  void stop() {
    stopping = true;
  }

  boolean stopping() {
    return stopping;
  }

  public long requests() {
    return requests.sum();
  }

  /** Bytes of answers that were right, headers included. */
  public long bytesVerified() {
    return bytesVerified.sum();
  }

  public long bytesMismatched() {
    return bytesMismatched.sum();
  }

  @Nullable LoadFailure failure() {
    return failure.get();
  }

  Histogram latencies() {
    return latencies.getIntervalHistogram();
  }
}
