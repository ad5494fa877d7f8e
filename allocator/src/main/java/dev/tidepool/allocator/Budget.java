package dev.tidepool.allocator;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of blocks that one connection may hold, those of its children included.
 *
 * <pre>
 *   charged == bytes of blocks held by the connection's arenas, its lanes' and its children's
 *   charged &lt;= hard
 * </pre>
 *
 * <p>Thread-safe. Touched when a block is leased or given back, never for a buffer.
 */
final class Budget {
  private final Object connection;
  private final long hard;
  private final @Nullable Budget parent;
  private final AtomicLong charged = new AtomicLong();

  Budget(Object connection, long hard, @Nullable Budget parent) {
    this.connection = connection;
    this.hard = hard;
    this.parent = parent;
  }

  void charge(int bytes) {
    long before = charged.getAndAdd(bytes);
    if (before > hard - bytes) {
      charged.getAndAdd(-bytes);
      throw new ArenaBudgetExceededException(connection, hard, before, bytes);
    }
    if (parent != null) {
      chargeParent(parent, bytes);
    }
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
  }

  long charged() {
    return charged.get();
  }
}
