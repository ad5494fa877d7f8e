package dev.tidepool.echo.load;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * The totals of one event loop's connections. That loop counts; any thread reads.
 *
 * <pre>
 *   sent == answered + lost + under way
 * </pre>
 */
final class LoopTally {
  static final int SIGNIFICANT_DIGITS = 3;

  private final LoadTally load;
  private final boolean uncounted;
  private final LongAdder sent = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder bytesVerified = new LongAdder();
  private final LongAdder bytesUnverified = new LongAdder();
  private final LongAdder measuredSent = new LongAdder();
  private final LongAdder measuredAnswered = new LongAdder();
  private final LongAdder measuredCutOff = new LongAdder();
  private final LongAdder measuredBytes = new LongAdder();
  private final LongAdder measuredUnverified = new LongAdder();
  private final SingleWriterRecorder latest = new SingleWriterRecorder(SIGNIFICANT_DIGITS);
  private final SingleWriterRecorder actual = new SingleWriterRecorder(SIGNIFICANT_DIGITS);
  private final SingleWriterRecorder intended = new SingleWriterRecorder(SIGNIFICANT_DIGITS);
  private volatile long latestSendNanos;

  /**
   * @param load has the errors
   * @param uncounted whether the connections are in no figure; the server may close them, which is
   *     no error then
   */
  LoopTally(LoadTally load, boolean uncounted) {
    this.load = load;
    this.uncounted = uncounted;
  }

  // Counting

  /**
   * @param begin the time that decides whether the request is measured
   * @param latenessNanos the time by which the client itself was late
   */
  void sent(long begin, long latenessNanos) {
    sent.increment();
    if (load.measurement().includes(begin)) {
      measuredSent.increment();
      if (latenessNanos > latestSendNanos) {
        latestSendNanos = latenessNanos;
      }
    }
  }

  /** A request is cut off, as was asked for. */
  void cutOff(long begin) {
    if (load.measurement().includes(begin)) {
      measuredCutOff.increment();
    }
  }

  void verified(int bytes) {
    bytesVerified.add(bytes);
    if (load.measurement().begun()) {
      measuredBytes.add(bytes);
    }
  }

  void unverified(int bytes) {
    bytesUnverified.add(bytes);
    if (load.measurement().begun()) {
      measuredUnverified.add(bytes);
    }
  }

  /** Answered, in a closed loop. */
  void answered(long sentNanos, long now) {
    answered.increment();
    latest.recordValue(now - sentNanos);
    if (load.measurement().includes(sentNanos)) {
      measuredAnswered.increment();
      actual.recordValue(now - sentNanos);
    }
  }

  /** Answered, where a schedule had the request at {@code intendedNanos}. */
  void answered(long sentNanos, long intendedNanos, long now) {
    answered.increment();
    latest.recordValue(now - sentNanos);
    if (load.measurement().includes(intendedNanos)) {
      measuredAnswered.increment();
      actual.recordValue(now - sentNanos);
      intended.recordValue(now - intendedNanos);
    }
  }

  /** A request that will not be answered and counts as never sent. */
  void takenBack(long begin) {
    sent.decrement();
    if (load.measurement().includes(begin)) {
      measuredSent.decrement();
    }
  }

  /**
   * @param requests that will not be answered
   */
  void error(int connection, Throwable cause, long requests) {
    lost.add(requests);
    ErrorCause errorCause = ErrorCause.of(cause);
    boolean closed = errorCause == ErrorCause.RESET || errorCause == ErrorCause.CLOSED;
    if (!(uncounted && closed)) {
      load.error(connection, cause, uncounted ? 0 : requests);
    }
  }

  // Reading

  long sent() {
    return sent.sum();
  }

  long answered() {
    return answered.sum();
  }

  long lost() {
    return lost.sum();
  }

  long bytesVerified() {
    return bytesVerified.sum();
  }

  long bytesUnverified() {
    return bytesUnverified.sum();
  }

  long measuredSent() {
    return measuredSent.sum();
  }

  long measuredAnswered() {
    return measuredAnswered.sum();
  }

  long measuredCutOff() {
    return measuredCutOff.sum();
  }

  long measuredBytes() {
    return measuredBytes.sum();
  }

  long measuredUnverifiedBytes() {
    return measuredUnverified.sum();
  }

  long latestSendNanos() {
    return latestSendNanos;
  }

  /** Adds the latencies since the last call. One thread at a time. */
  void addLatest(Histogram sum) {
    sum.add(latest.getIntervalHistogram());
  }

  /** Adds all latencies; called once. */
  void addActual(Histogram sum) {
    sum.add(actual.getIntervalHistogram());
  }

  /** Adds all latencies from the intended times; called once. */
  void addIntended(Histogram sum) {
    sum.add(intended.getIntervalHistogram());
  }
}
