package dev.tidepool.allocator;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;

/** Budgets that belong to no connection. */
final class StressBudgets {
  private StressBudgets() {}

  static Budget of(long soft, long hard) {
    Options options =
        new Options(
            UnpooledByteBufAllocator.DEFAULT,
            false,
            1024,
            1024,
            16,
            0,
            Duration.ZERO,
            soft,
            hard,
            false,
            Duration.ZERO,
            Checks.OFF);
    return new Budget("connection", options, null, () -> {});
  }
}
