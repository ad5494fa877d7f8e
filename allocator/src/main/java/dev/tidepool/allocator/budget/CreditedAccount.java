package dev.tidepool.allocator.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The account that all event loops share, with a credit for each loop. Far from the limit a loop
 * charges what its own blocks gave back, and no cache line moves between cores. Before anything is
 * refused, all credit is taken back.
 *
 * <pre>
 *   reserved == charged + sum of unused over all credits
 *   0 &lt;= charged &lt;= reserved &lt;= limit
 *   no credit is open while the phase is even; then charged == reserved
 * </pre>
 *
 * <p>Why {@link #charge} is exact. What is charged changes by single atomic steps, of a credit or
 * of {@code reserved}. Bytes that are neither charged nor counted as unused are on their way from a
 * credit to {@code reserved}. That happens only under the lock, and only while the phase is odd: it
 * becomes odd before a credit opens, and even when all credit is back. So a charge that finds no
 * room has read what is really charged if it held the lock and had taken all credit back, or if the
 * phase was the same even one before and after.
 *
 * <p>Why no credit stays open that must not ({@link GlobalBudget} says when). This is Dekker's
 * store-load pattern. The opening thread makes the phase odd, then reads whether it may open; the
 * forbidding thread writes that it may not, then reads the phase, and takes credit back if it is
 * odd. All four are volatile, so one of the two sees the other. The lock makes the taking thread
 * wait for the opening one.
 *
 * <p>Thread-safe. The lock is held for as long as it takes to look at each loop's credit once.
 */
public final class CreditedAccount implements BudgetFigures {
  /** The smallest limit with credit: below it, a few blocks of each loop are all there is. */
  private static final long LEAST_LIMIT = 64L * 1024 * 1024;

  /** One loop may have this part of the limit unused. */
  private static final int PART = 256;

  /** The most unused by one loop: writing so much takes far longer than the shared account. */
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

  /** An account with as much credit as suits {@code limit}. */
  public static CreditedAccount of(long limit) {
    return limit < LEAST_LIMIT
        ? withoutCredit(limit)
        : new CreditedAccount(limit, Math.min(MOST, limit / PART));
  }

  static CreditedAccount withoutCredit(long limit) {
    return new CreditedAccount(limit, 0);
  }

  // Charges beside the credits

  /** Adds {@code bytes} if there is room, if necessary after taking all credit back. */
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

  /** A closed credit for one more loop. */
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
   * Opens {@code credit}, which is closed, if {@code mayOpen}.
   *
   * @param mayOpen reads volatile state only
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

  /** Whether a credit may be open. */
  boolean hasCredit() {
    return !isEven(phase.get());
  }

  /** Closes all credits. Until one is opened again, what is reserved is charged. */
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

  /** Closes {@code credit} for good. */
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

  /** Exact if no thread charges or uncharges meanwhile. */
  @Override
  public long charged() {
    lock.lock();
    try {
      return Math.max(0, reserved() - unused());
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@code bytes} fit once all credit is taken back. */
  public boolean hasRoom(int bytes) {
    return charged() <= limit() - bytes;
  }

  /** Whether {@code bytes} fit without taking credit back. */
  boolean hasUnreserved(long bytes) {
    return reserved.hasRoom(bytes);
  }

  /** All bytes charged, and all unused ones of the credits. */
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

  /** Calls {@code action} for each loop's credit. */
  void forEachCredit(Consumer<LoopCredit> action) {
    lock.lock();
    try {
      credits.forEach(action);
    } finally {
      lock.unlock();
    }
  }
}
