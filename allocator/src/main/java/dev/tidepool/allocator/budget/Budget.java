package dev.tidepool.allocator.budget;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The budget of one connection: the bytes of blocks that it may hold, with its children.
 *
 * <pre>
 *   charged == bytes of blocks held by the connection's arenas, its lanes' and its children's,
 *              without what overflowed
 *   charged &lt;= hard
 *   pressure is on from charged &gt; soft, or from a read that was refused, until charged &lt;= lowWater
 * </pre>
 *
 * <p>A charge counts here, then in the parent, then in the global budget. Where one has no room,
 * the charge is taken back. So another charge of the same connection may for a moment find too
 * little room here, but a charge of another connection never does.
 *
 * <p>Thread-safe. Touched when a block is leased or given back, never for a buffer.
 */
public final class Budget {
  private final ByteLimit account;
  private final long soft;
  private final long lowWater;
  private final @Nullable Budget parent;
  private final @Nullable GlobalBudget global;
  private final Runnable pressureChanged;
  private final AtomicBoolean pressure = new AtomicBoolean();
  private final AtomicBoolean awaitsGlobal = new AtomicBoolean();
  private final AtomicLong pauses = new AtomicLong();

  /**
   * @param global what the charges of a budget without a parent count against
   * @param pressureChanged called by the thread that changed it
   */
  public Budget(
      long soft,
      long hard,
      @Nullable Budget parent,
      @Nullable GlobalBudget global,
      Runnable pressureChanged) {
    this.account = new ByteLimit(hard);
    this.soft = soft;
    this.lowWater = Math.min(soft, hard) / 2;
    this.parent = parent;
    this.global = global;
    this.pressureChanged = pressureChanged;
  }

  /**
   * Counts {@code bytes}.
   *
   * @param credit the loop's, with the global budget
   * @return false, and nothing was counted, if some budget has no room for them
   */
  public boolean charge(LoopCredit credit, int bytes) {
    if (!account.charge(bytes)) {
      return false;
    }
    boolean charged = false;
    try {
      charged = chargeAbove(credit, bytes);
    } finally {
      if (!charged) {
        account.uncharge(bytes);
      }
    }
    updatePressure();
    return charged;
  }

  private boolean chargeAbove(LoopCredit credit, int bytes) {
    if (parent != null) {
      return parent.charge(credit, bytes);
    }
    return global == null || global.charge(credit, bytes);
  }

  public void uncharge(LoopCredit credit, int bytes) {
    account.uncharge(bytes);
    if (parent != null) {
      parent.uncharge(credit, bytes);
    } else if (global != null) {
      global.uncharge(credit, bytes);
    }
    updatePressure();
  }

  /** Reads the figure again after each change of the flag: it may have changed in between. */
  private void updatePressure() {
    boolean on = pressure.get();
    while (on != (account.charged() > (on ? lowWater : soft))) {
      if (pressure.compareAndSet(on, !on)) {
        pressureChanged(!on);
      }
      on = pressure.get();
    }
  }

  private void pressureChanged(boolean on) {
    if (on) {
      pauses.getAndIncrement();
    }
    pressureChanged.run();
  }

  public boolean isUnderPressure() {
    return pressure.get() || awaitsGlobal.get();
  }

  /** Whether a read waits for room that this budget's blocks take. Volatile reads. */
  public boolean wantsRoom() {
    return isUnderPressure()
        || (parent != null ? parent.wantsRoom() : global != null && global.wantsRoom());
  }

  /** A read was refused: pressure is on until there is room here and in the global budget. */
  public void awaitRoom() {
    if (pressure.compareAndSet(false, true)) {
      pauses.getAndIncrement();
    }
    if (global != null && awaitsGlobal.compareAndSet(false, true)) {
      global.awaitRoom(this);
    }
    updatePressure();
  }

  void roomInGlobal() {
    awaitsGlobal.set(false);
    pressureChanged.run();
  }

  /** The number of times that pressure began. */
  public long pauses() {
    return pauses.get();
  }

  public long charged() {
    return account.charged();
  }

  /** The first budget that has no room for {@code bytes}. */
  public Shortage shortage(int bytes) {
    if (!account.hasRoom(bytes)) {
      return Shortage.of("hardBudget", account);
    }
    if (parent != null) {
      return parent.shortage(bytes);
    }
    return global != null && !global.account().hasRoom(bytes)
        ? Shortage.of("globalBudget", global.account())
        : Shortage.of("hardBudget", account); // another thread made room meanwhile
  }

  /** A budget that is too small: its option's name, its limit and what it holds. */
  public record Shortage(String option, long limit, long held) {
    public static Shortage of(String option, BudgetFigures budget) {
      return new Shortage(option, budget.limit(), budget.charged());
    }
  }
}
