package dev.tidepool.allocator.os;

import dev.tidepool.allocator.jfr.FlightEvents;
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
 * A trimmer of the C library's heap: freed memory goes back to the operating system when much was
 * freed. One for the process, as that heap is, however many allocators. It runs on a daemon thread,
 * never on an event loop: a trim takes 0.1 to 0.3 ms for each MiB, and a safepoint waits for it.
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
  /** The trimmer that all allocators use. */
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

  /** Start of the latest trim by {@code System.nanoTime()}; null before the first. */
  private volatile @Nullable Long begun;

  /** Cleared for good when a trim failed: this machine cannot trim. */
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
   * A trim that was done.
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

  /** Counts {@code bytes} of direct memory that were freed. */
  public void freed(long bytes, Policy policy) {
    freed.addAndGet(bytes);
    scheduleIfDue(policy);
  }

  private void scheduleIfDue(Policy policy) {
    if (freed.get() >= policy.threshold && !scheduled.get() && available) {
      schedule(policy);
    }
  }

  /**
   * Schedules a trim, at most one at a time; what is freed until it begins is part of it. If no
   * thread can be made, freeing goes on all the same, and the next call tries again.
   */
  private void schedule(Policy policy) {
    if (!scheduled.compareAndSet(false, true)) {
      return;
    }
    try {
      executor.schedule(() -> run(policy), delay(policy), TimeUnit.NANOSECONDS);
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
   * Writes {@code begun} first, for the next delay. Dekker with {@link #freed}: this clears {@code
   * freed}, then {@code scheduled}, then looks at {@code freed} again; a freeing thread adds to
   * {@code freed}, then looks at {@code scheduled}. So no trim is scheduled twice for the same
   * bytes, and none freed in between is left without one.
   */
  private void run(Policy policy) {
    long began = nanoTime.getAsLong();
    begun = began;
    freed.set(0);
    scheduled.set(false);
    scheduleIfDue(policy);
    long before = resident.getAsLong();
    FlightEvents.NativeTrim event = FlightEvents.beginNativeTrim();
    available = trim.getAsBoolean();
    if (available) {
      Duration took = Duration.ofNanos(nanoTime.getAsLong() - began);
      long after = resident.getAsLong();
      boolean known = before != ResidentSet.UNKNOWN && after != ResidentSet.UNKNOWN;
      long returned = known ? Math.max(0, before - after) : 0;
      last = new Trim(Instant.now(), took, returned, count() + 1);
      if (event != null) {
        event.end(returned);
      }
    }
  }

  /** The latest trim; null before the first, and for good where the system cannot trim. */
  public @Nullable Trim last() {
    return last;
  }

  private long count() {
    Trim before = last;
    return before == null ? 0 : before.count;
  }
}
