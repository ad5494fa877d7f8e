package dev.tidepool.allocator;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of blocks that one connection may hold, those of its children included.
 *
 * <pre>
 *   charged == bytes of blocks held by the connection's arenas, its lane's and its children's
 *   charged &lt;= hard
 *   pressure is on from charged &gt; soft until charged &lt;= lowWater
 * </pre>
 *
 * <p>Thread-safe. Touched when a block is leased or given back, never for a buffer.
 */
final class Budget {
  private final Object connection;
  private final long hard;
  private final long soft;
  private final long lowWater;
  private final @Nullable Budget parent;
  private final AtomicLong charged = new AtomicLong();
  private final AtomicBoolean pressure = new AtomicBoolean();
  private final Runnable pressureChanged;

  /**
   * @param pressureChanged called by whoever changed it
   */
  Budget(Object connection, Options options, @Nullable Budget parent, Runnable pressureChanged) {
    this.connection = connection;
    this.hard = options.hardBudget();
    this.soft = options.softBudget();
    this.lowWater = soft / 2;
    this.parent = parent;
    this.pressureChanged = pressureChanged;
  }

  void charge(int bytes) {
    chargeHere(bytes);
    if (parent != null) {
      chargeParent(parent, bytes);
    }
    updatePressure();
  }

  /** Never above the limit, not even for a moment: another thread's charge may just fit. */
  private void chargeHere(int bytes) {
    long before;
    do {
      before = charged.get();
      if (before > hard - bytes) {
        throw new ArenaBudgetExceededException(connection, hard, before, bytes);
      }
    } while (!charged.compareAndSet(before, before + bytes));
  }

  private void chargeParent(Budget parent, int bytes) {
    try {
      parent.charge(bytes);
    } catch (ArenaBudgetExceededException e) {
      charged.getAndAdd(-bytes);
      throw e;
    }
  }

  void uncharge(int bytes) {
    charged.getAndAdd(-bytes);
    if (parent != null) {
      parent.uncharge(bytes);
    }
    updatePressure();
  }

  /** Whoever changed the flag looks at the figure again: it may have changed in between. */
  private void updatePressure() {
    boolean on = pressure.get();
    while (on != (charged.get() > (on ? lowWater : soft))) {
      if (pressure.compareAndSet(on, !on)) {
        pressureChanged.run();
      }
      on = pressure.get();
    }
  }

  boolean isUnderPressure() {
    return pressure.get();
  }

  long charged() {
    return charged.get();
  }
}
