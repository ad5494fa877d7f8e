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
 * event loop: a trim takes 0.1 to 0.3 ms for each MiB, in which the JVM comes to no safepoint.
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

  /** By {@code System.nanoTime()}, the last one that began; null if none did. */
  private volatile @Nullable Long begun;

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
   * @param returned bytes by which the resident set shrank meanwhile, whatever else went on
   * @param count of trims, this one included
   */
  public record Trim(Instant at, Duration took, long returned, long count) {}

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

  /**
   * At most one is scheduled; what is freed until it begins is part of it. There may be no thread
   * to be had: whoever frees memory goes on all the same, and the next one tries again.
   */
  private void schedule(Policy policy) {
    if (!scheduled.compareAndSet(false, true)) {
      return;
    }
    try {
      executor.schedule(this::run, delay(policy), TimeUnit.NANOSECONDS);
    } catch (RuntimeException | OutOfMemoryError e) {
      scheduled.set(false);
    }
  }

  private long delay(Policy policy) {
    Long before = begun;
    if (before == null) {
      return policy.settle;
    }
    return Math.max(policy.settle, before + policy.interval - nanoTime.getAsLong());
  }

  /**
   * When it began is said first, for the next one's delay; then the note that it is scheduled goes,
   * then the bytes: bytes that are freed in between may schedule one trim too many, but none is
   * freed without being counted for one.
   */
  private void run() {
    long began = nanoTime.getAsLong();
    begun = began;
    scheduled.set(false);
    freed.set(0);
    long before = resident.getAsLong();
    available = trim.getAsBoolean();
    if (available) {
      Duration took = Duration.ofNanos(nanoTime.getAsLong() - began);
      long after = resident.getAsLong();
      boolean known = before != ResidentSet.UNKNOWN && after != ResidentSet.UNKNOWN;
      long returned = known ? Math.max(0, before - after) : 0;
      last = new Trim(Instant.now(), took, returned, count() + 1);
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
