package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;
import dev.tidepool.echo.load.ErrorCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one run measured: one server process with one allocator in one scenario. One line of the raw
 * data.
 *
 * @param scenario its name
 * @param subject the label of what was run
 * @param allocator the name of the server's allocator
 * @param round from 1
 * @param order how many runs were before it
 * @param seed of the load's payloads and sizes
 * @param flatOut as fast as the server can
 * @param atRate at the rate that is common to all; null if it was not run
 * @param peakResidentBytes the most memory that the process had in physical memory, -1 if unknown
 * @param settledResidentBytes what it had at the end of the silence after the load; -1 without such
 *     a silence, or if it is unknown
 * @param peakUpstreamBytes the most that the allocator held, of the samples; -1 if it does not say
 * @param settledUpstreamBytes what it held at the end of the silence; -1 likewise
 * @param gcCount collections in both measurements
 * @param gcNanos time in them
 * @param leaks reported by arenas
 * @param memory samples over the whole run
 * @param phases of the run
 * @param account of its end; null in raw data of before there was one
 */
public record RunResult(
    String scenario,
    String subject,
    String allocator,
    int round,
    int order,
    long seed,
    Phase flatOut,
    @Nullable Phase atRate,
    long peakResidentBytes,
    long settledResidentBytes,
    long peakUpstreamBytes,
    long settledUpstreamBytes,
    long gcCount,
    long gcNanos,
    long leaks,
    List<MemorySample> memory,
    List<Span> phases,
    @Nullable Account account) {

  RunResult with(Account end) {
    return new RunResult(
        scenario,
        subject,
        allocator,
        round,
        order,
        seed,
        flatOut,
        atRate,
        peakResidentBytes,
        settledResidentBytes,
        peakUpstreamBytes,
        settledUpstreamBytes,
        gcCount,
        gcNanos,
        leaks,
        memory,
        phases,
        end);
  }

  /** Whether an answer was wrong, or memory was lost. */
  boolean isFaulty() {
    return leaks > 0
        || Stream.of(flatOut, atRate).filter(Objects::nonNull).anyMatch(Phase::isWrong)
        || (account != null && !account.faults().isEmpty());
  }

  /**
   * A measurement under load.
   *
   * @param ratePerSecond what was offered; null: as much as was answered
   * @param perSecond requests answered
   * @param requests answered in the time in which the server's CPU was measured
   * @param loopCpuNanos CPU time of the server's event loops for each of them
   * @param javaCpuNanos the same of all its Java threads and of collections: without the compiler
   * @param processCpuNanos CPU time of the server's process for each of them
   * @param latency from the intended time where there is a rate, else from the sending
   * @param errors by cause
   * @param mismatchedBytes bytes of answers that were wrong
   * @param serverBusy the part of its core that the server's event loop used
   * @param warm whether the server's compiler was quiet when it began
   * @param clientBusy the part of its core that the client's busiest event loop used
   * @param latestSendNanos the most by which the client sent later than the schedule had it
   */
  public record Phase(
      @Nullable Double ratePerSecond,
      double perSecond,
      long requests,
      double loopCpuNanos,
      double javaCpuNanos,
      double processCpuNanos,
      Latency latency,
      Map<String, Long> errors,
      long mismatchedBytes,
      double serverBusy,
      boolean warm,
      double clientBusy,
      long latestSendNanos) {

    long errorCount() {
      return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    private boolean isWrong() {
      return mismatchedBytes > 0 || errors.containsKey(ErrorCause.MISMATCH.toString());
    }
  }

  /**
   * What the server and the load of a run had to say when it was over.
   *
   * @param kept whether all the server's memory went back, which only arenas promise
   * @param serverErrors those that the server counted
   * @param wrongAnswers to the load, what is not measured included
   */
  public record Account(boolean kept, long serverErrors, long wrongAnswers) {
    /** What must not be, in words. */
    List<String> faults() {
      List<String> faults = new ArrayList<>();
      if (!kept) {
        faults.add("not all of the server's memory went back");
      }
      if (wrongAnswers > 0) {
        faults.add(Figures.count(wrongAnswers, "answer was wrong", "answers were wrong"));
      }
      return faults;
    }
  }

  /**
   * Latencies in nanoseconds.
   *
   * @param spectrum at each of {@link Spectrum#PERCENTILES}
   */
  public record Latency(long count, long p50, long p99, long p999, long max, List<Long> spectrum) {}

  /**
   * Memory at one time.
   *
   * @param millis since the server listened
   * @param upstreamBytes what the allocator held, -1 if it does not say
   */
  public record MemorySample(long millis, long residentBytes, long upstreamBytes) {}

  /** A phase's begin and end, in milliseconds since the server listened. */
  public record Span(String name, long fromMillis, long toMillis) {}
}
