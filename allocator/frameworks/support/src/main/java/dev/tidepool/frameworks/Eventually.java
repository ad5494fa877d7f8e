package dev.tidepool.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads bring about, and fails when it does not come. */
public final class Eventually {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  private Eventually() {}

  /**
   * Waits until {@code condition} holds.
   *
   * @param state what the failure says when it never does
   */
  public static void holds(BooleanSupplier condition, Supplier<String> state) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - start)
          .as("nanoseconds waited; %s", state.get())
          .isLessThan(PATIENCE.toNanos());
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }
}
