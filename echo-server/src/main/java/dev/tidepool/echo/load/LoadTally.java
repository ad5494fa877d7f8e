package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.WrongAnswerException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The running totals of a load since its begin, the warm-up included. Any thread may read them at
 * any time; they are counted for each event loop and summed when read.
 */
public final class LoadTally {
  private final Measurement measurement = new Measurement();
  private final List<LoopTally> loops = new CopyOnWriteArrayList<>();
  private final Map<ErrorCause, LongAdder> errors = new ConcurrentHashMap<>();
  private final LongAdder failed = new LongAdder();
  private final LongAdder bytesMismatched = new LongAdder();
  private final AtomicReference<@Nullable LoadFailure> failure = new AtomicReference<>();
  private volatile boolean gaveUp;

  /** The tally of an event loop, which is summed in this one. */
  LoopTally newLoop() {
    LoopTally loop = new LoopTally(this, false);
    loops.add(loop);
    return loop;
  }

  /**
   * A tally of connections that are in no figure. Their errors count, but that a server closes
   * them: it may well.
   */
  LoopTally newUncounted() {
    return new LoopTally(this, true);
  }

  Measurement measurement() {
    return measurement;
  }

  /**
   * @param requests that were lost by it
   */
  void error(int connection, Throwable cause, long requests) {
    if (cause instanceof WrongAnswerException wrong) {
      bytesMismatched.add(wrong.wrongBytes());
    }
    count(ErrorCause.of(cause), requests);
    failure.compareAndSet(null, new LoadFailure(connection, cause));
  }

  private void count(ErrorCause cause, long requests) {
    errors.computeIfAbsent(cause, first -> new LongAdder()).increment();
    failed.add(Math.max(1, requests));
  }

  /** Ends the load early. */
  void giveUp(LoadException cause) {
    gaveUp = true;
    count(cause.errorCause(), inFlight());
    failure.set(new LoadFailure(LoadFailure.ALL, cause));
  }

  /** Whether the warm-up is over. */
  public boolean measuring() {
    return measurement.begun();
  }

  /** Requests that were begun. */
  public long sent() {
    return sum(LoopTally::sent);
  }

  /** Requests whose answers were complete and accepted. */
  public long answered() {
    return sum(LoopTally::answered);
  }

  /** Requests that wait for their answers. */
  public long inFlight() {
    long done = answered() + sum(LoopTally::lost); // first: what is done was sent before
    return Math.max(0, sent() - done);
  }

  /** Errors of all causes. */
  public long errors() {
    return errors.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Errors by cause; a cause without errors is absent. */
  public Map<ErrorCause, Long> errorsByCause() {
    Map<ErrorCause, Long> found = new EnumMap<>(ErrorCause.class);
    errors.forEach((cause, count) -> found.put(cause, count.sum()));
    return found;
  }

  /** Requests that errors lost; an error that lost none is one. */
  long failed() {
    return failed.sum();
  }

  /** Bytes of answers that were right, headers included. */
  public long bytesVerified() {
    return sum(LoopTally::bytesVerified);
  }

  /** Bytes of answers that the load was not asked to verify. */
  public long bytesUnverified() {
    return sum(LoopTally::bytesUnverified);
  }

  /** Bytes of answers that were not the expected ones. */
  public long bytesMismatched() {
    return bytesMismatched.sum();
  }

  /**
   * The latencies since the last call, in nanoseconds from a request's write to the last byte of
   * its answer.
   *
   * @param recycle an earlier result, which is overwritten and returned; null: a new one
   */
  public synchronized Histogram intervalLatencies(@Nullable Histogram recycle) {
    Histogram sum = recycle == null ? new Histogram(LoopTally.SIGNIFICANT_DIGITS) : recycle;
    sum.reset();
    loops.forEach(loop -> loop.addLatest(sum));
    return sum;
  }

  /** The first error; null: none so far. */
  public @Nullable LoadFailure failure() {
    return failure.get();
  }

  /** Whether the load has ended early since nothing was answered. */
  boolean gaveUp() {
    return gaveUp;
  }

  // The measured part

  long measuredSent() {
    return sum(LoopTally::measuredSent);
  }

  long measuredAnswered() {
    return sum(LoopTally::measuredAnswered);
  }

  long measuredCutOff() {
    return sum(LoopTally::measuredCutOff);
  }

  long measuredBytes() {
    return sum(LoopTally::measuredBytes);
  }

  long latestSendNanos() {
    return loops.stream().mapToLong(LoopTally::latestSendNanos).max().orElse(0);
  }

  long measuredUnverifiedBytes() {
    return sum(LoopTally::measuredUnverifiedBytes);
  }

  /** Called once. */
  Histogram measuredLatencies() {
    return merged(LoopTally::addActual);
  }

  /** Called once. */
  Histogram measuredIntendedLatencies() {
    return merged(LoopTally::addIntended);
  }

  private Histogram merged(BiConsumer<LoopTally, Histogram> part) {
    Histogram sum = new Histogram(LoopTally.SIGNIFICANT_DIGITS);
    loops.forEach(loop -> part.accept(loop, sum));
    return sum;
  }

  private long sum(ToLongFunction<LoopTally> figure) {
    return loops.stream().mapToLong(figure).sum();
  }
}
