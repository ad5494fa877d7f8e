package dev.tidepool.allocator.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The account that all event loops share, and the credit that each of them has with it. Far from
 * the limit a loop charges what its own blocks gave back, and no line of memory goes from core to
 * core; before anything is refused, all credit is taken back.
 *
 * <pre>
 *   reserved == charged + sum of unused over all credits
 *   0 &lt;= charged &lt;= reserved &lt;= limit
 *   no credit is open while the phase is even; then charged == reserved
 * </pre>
 *
 * <p>Why {@link #charge} is exact. What is charged changes by one atomic step each time: of a
 * credit, or of {@code reserved}. Bytes that are neither charged nor seen as unused are on their
 * way from a credit to {@code reserved}, which is under the lock only, and in no phase that is even
 * when it begins and when it ends: the phase becomes odd before a credit opens, and even when all
 * of it is back. So a charge that finds no room has seen what is really charged, if it held the
 * lock and had taken all credit back, or if the phase was the same even one before and after.
 *
 * <p>Why a credit that must not be open is not ({@link GlobalBudget} says when). Who opens one
 * makes the phase odd, then looks whether it may; who forbids it says so, then looks at the phase,
 * and takes back if it is odd. Each of the four is volatile, so that one of the two sees the other;
 * and the lock has the one who takes back wait for the one who opens.
 *
 * <p>Thread-safe. The lock is held for as long as it takes to look at each loop's credit once.
 */
public final class CreditedAccount implements BudgetFigures {
  /** Below this limit it is no use: a few blocks of each loop are all there is. */
  private static final long LEAST_LIMIT = 64L * 1024 * 1024;

  /** The part of the limit that one loop may have unused. */
  private static final int PART = 256;

  /** As many bytes are written in much more time than the shared account costs. */
  private static final long MOST = 1024 * 1024;

  private final ByteLimit reserved;
  private final long mostUnused;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private final List<LoopCredit> credits = new ArrayList<>();

  /** Odd while credits may be open; changed under the lock. */
  private final AtomicLong phase = new AtomicLong();

  /**
   * @param mostUnused what one loop may have unused; 0: there is no credit
   */
  CreditedAccount(long limit, long mostUnused) {
    this.reserved = new ByteLimit(limit);
    this.mostUnused = mostUnused;
  }

  /** With as much credit as {@code limit} is good for. */
  public static CreditedAccount of(long limit) {
    return limit < LEAST_LIMIT
        ? withoutCredit(limit)
        : new CreditedAccount(limit, Math.min(MOST, limit / PART));
  }

  static CreditedAccount withoutCredit(long limit) {
    return new CreditedAccount(limit, 0);
  }

  // Charges beside the credits

  /** Adds {@code bytes} if there is room, if need be when all credit has been taken back. */
  boolean charge(int bytes) {
    long before = phase.get();
    if (reserved.charge(bytes)) {
      return true;
    }
    boolean wasExact = isEven(before) && phase.get() == before;
    return !wasExact && chargeAfterTakingBack(bytes);
  }

  private boolean chargeAfterTakingBack(int bytes) {
    lock.lock();
    try {
      takeAllBack();
      return reserved.charge(bytes);
    } finally {
      lock.unlock();
    }
  }

  void uncharge(int bytes) {
    reserved.uncharge(bytes);
  }

  // Credit

  /** One more loop's, closed. */
  LoopCredit newCredit() {
    if (mostUnused == 0) {
      return LoopCredit.NONE;
    }
    LoopCredit credit = new LoopCredit(this, mostUnused);
    lock.lock();
    try {
      credits.add(credit);
    } finally {
      lock.unlock();
    }
    return credit;
  }

  /**
   * Opens {@code credit}, which is closed, if it may be.
   *
   * @param mayOpen reads what is volatile
   */
  void open(LoopCredit credit, BooleanSupplier mayOpen) {
    lock.lock();
    try {
      boolean wasEven = isEven(phase.get());
      if (wasEven) {
        phase.getAndIncrement();
      }
      if (mayOpen.getAsBoolean()) {
        credit.open();
      } else if (wasEven) {
        phase.getAndIncrement();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether some may be open. */
  boolean hasCredit() {
    return !isEven(phase.get());
  }

  /** Closes all credits: from here on what is reserved is charged, until one is opened. */
  void takeBack() {
    lock.lock();
    try {
      takeAllBack();
    } finally {
      lock.unlock();
    }
  }

  private void takeAllBack() {
    if (isEven(phase.get())) {
      return;
    }
    for (LoopCredit credit : credits) {
      reserved.uncharge(credit.closeAtomic());
    }
    phase.getAndIncrement();
  }

  void giveBack(LoopCredit credit) {
    lock.lock();
    try {
      reserved.uncharge(credit.emptyAtomic());
    } finally {
      lock.unlock();
    }
  }

  /** Nobody will charge by {@code credit} again. */
  void end(LoopCredit credit) {
    lock.lock();
    try {
      credits.remove(credit);
      reserved.uncharge(credit.endAtomic());
    } finally {
      lock.unlock();
    }
  }

  private static boolean isEven(long phase) {
    return (phase & 1) == 0;
  }

  // Figures

  @Override
  public long limit() {
    return reserved.limit();
  }

  /** Exact when nobody charges or uncharges meanwhile. */
  @Override
  public long charged() {
    lock.lock();
    try {
      return Math.max(0, reserved() - unused());
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is room when all credit is taken back. */
  public boolean hasRoom(int bytes) {
    return charged() <= limit() - bytes;
  }

  /** Whether there is room without that. */
  boolean hasUnreserved(long bytes) {
    return reserved.hasRoom(bytes);
  }

  /** What is charged, and all that is unused. */
  long reserved() {
    return reserved.charged();
  }

  private long unused() {
    long sum = 0;
    for (LoopCredit credit : credits) {
      sum += credit.unused();
    }
    return sum;
  }

  /** Every loop's credit. */
  void forEachCredit(Consumer<LoopCredit> action) {
    lock.lock();
    try {
      credits.forEach(action);
    } finally {
      lock.unlock();
    }
  }
}
