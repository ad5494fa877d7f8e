package dev.tidepool.allocator.budget;

import java.util.concurrent.atomic.AtomicLong;

/** A sum of bytes that never exceeds its limit: {@code 0 <= charged <= limit}. Thread-safe. */
public final class ByteLimit implements BudgetFigures {
  private final long limit;
  private final AtomicLong charged = new AtomicLong();

  ByteLimit(long limit) {
    this.limit = limit;
  }

  /**
   * Adds {@code bytes} if they fit. Never exceeds the limit, not even for a moment: another
   * thread's charge may just fit.
   */
  boolean charge(int bytes) {
    long before;
    do {
      before = charged.get();
      if (before > limit - bytes) {
        return false;
      }
    } while (!charged.compareAndSet(before, before + bytes));
    return true;
  }

  void uncharge(long bytes) {
    charged.getAndAdd(-bytes);
  }

  boolean hasRoom(long bytes) {
    return charged.get() <= limit - bytes;
  }

  @Override
  public long charged() {
    return charged.get();
  }

  @Override
  public long limit() {
    return limit;
  }
}
