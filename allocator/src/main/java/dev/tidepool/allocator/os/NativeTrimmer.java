package dev.tidepool.allocator.os;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the C library give freed memory back to the operating system, when much was freed. One for
 * the process, as the C library's heap is, however many allocators; on a daemon thread, never on an
 * event loop: a trim takes about a tenth of a millisecond for each MiB.
 *
 * <pre>
 *   freed == bytes freed since the last trim began
 *   a trim is scheduled  if  freed reached a policy's threshold since the last trim began
 *   start of a trim &gt;= start of the one before + the policy's interval
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class NativeTrimmer {
  /** For all allocators. */
  public static final NativeTrimmer OF_PROCESS =
      new NativeTrimmer(
          NativeHeap::trim,
          ResidentSet::bytes,
          System::nanoTime,
          DaemonThread.executor("tidepool-native-trim"));

  private final BooleanSupplier trim;
  private final LongSupplier resident;
  private final LongSupplier nanoTime;
  private final ScheduledExecutorService executor;
  private final AtomicLong freed = new AtomicLong();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private volatile @Nullable Trim last;

  /** Cleared for ever when a trim could not be done: it cannot be done here. */
  private volatile boolean available = true;

  /**
   * When to trim.
   *
   * @param threshold bytes to be freed since the last trim
   * @param interval nanoseconds from the start of one trim to the start of the next, at least
   * @param settle nanoseconds to wait after the threshold was reached, for what is freed with it
   */
  public record Policy(long threshold, long interval, long settle) {}

  /**
   * One that was done.
   *
   * @param began by {@code System.nanoTime()}
   * @param returned bytes by which the resident set shrank meanwhile, whatever else went on
   * @param count of trims, this one included
   */
  public record Trim(long began, Instant at, Duration took, long returned, long count) {}

  NativeTrimmer(
      BooleanSupplier trim,
      LongSupplier resident,
      LongSupplier nanoTime,
      ScheduledExecutorService executor) {
    this.trim = trim;
    this.resident = resident;
    this.nanoTime = nanoTime;
    this.executor = executor;
  }

  /** {@code bytes} of direct memory have been freed. */
  public void freed(long bytes, Policy policy) {
    if (freed.addAndGet(bytes) >= policy.threshold && !scheduled.get() && available) {
      schedule(policy);
    }
  }

  /** At most one is scheduled; what is freed until it begins is part of it. */
  private void schedule(Policy policy) {
    if (scheduled.compareAndSet(false, true)) {
      var unused = executor.schedule(this::run, delay(policy), TimeUnit.NANOSECONDS);
    }
  }

  private long delay(Policy policy) {
    Trim before = last;
    if (before == null) {
      return policy.settle;
    }
    return Math.max(policy.settle, before.began + policy.interval - nanoTime.getAsLong());
  }

  /**
   * The note that it is scheduled goes first, then the bytes: bytes that are freed in between may
   * schedule one trim too many, but none is freed without being counted for one.
   */
  private void run() {
    long began = nanoTime.getAsLong();
    scheduled.set(false);
    freed.set(0);
    long before = resident.getAsLong();
    available = trim.getAsBoolean();
    if (available) {
      Duration took = Duration.ofNanos(nanoTime.getAsLong() - began);
      long returned = before == ResidentSet.UNKNOWN ? 0 : before - resident.getAsLong();
      last = new Trim(began, Instant.now(), took, Math.max(0, returned), count() + 1);
    }
  }

  /** The last one, or null if there was none: on a system where it cannot be done, for ever. */
  public @Nullable Trim last() {
    return last;
  }

  private long count() {
    Trim before = last;
    return before == null ? 0 : before.count;
  }
}
