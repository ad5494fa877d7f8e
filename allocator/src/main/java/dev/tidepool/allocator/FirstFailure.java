package dev.tidepool.allocator;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The first of several failures, which alone counts. If it is taken back, the next that came in the
 * meantime counts.
 *
 * <p>This is Dekker's store-load pattern: {@link #offer} writes {@code next}, then reads {@code
 * first}; {@link #takeBack} writes {@code first}, then reads {@code next}. So one of the two finds
 * the failure that is still to count. Thread-safe.
 */
final class FirstFailure<F> {
  private final AtomicReference<@Nullable F> first = new AtomicReference<>();
  private final AtomicReference<@Nullable F> next = new AtomicReference<>();

  /** The failure that counts, or null if there is none. */
  @Nullable F get() {
    return first.get();
  }

  /**
   * Adds {@code failure}.
   *
   * @return the failure that counts from now on, or null if another counts already
   */
  @Nullable F offer(F failure) {
    if (first.compareAndSet(null, failure)) {
      return failure;
    }
    next.compareAndSet(null, failure);
    return advance();
  }

  /** Puts {@code other} in the place of {@code failure}, if that counts. */
  void replace(F failure, F other) {
    first.compareAndSet(failure, other);
  }

  /**
   * Takes {@code failure} back, if it counts.
   *
   * @return the failure that counts from now on, or null if there is none, or another did already
   */
  @Nullable F takeBack(F failure) {
    return first.compareAndSet(failure, null) ? advance() : null;
  }

  private @Nullable F advance() {
    if (first.get() != null) {
      return null;
    }
    F waiting = next.getAndSet(null);
    return waiting == null ? null : offer(waiting);
  }
}
