package dev.tidepool.allocator;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection's budget as its arenas meet it: what it has no room for is refused, or overflows, as
 * the policy says; and the listener hears of it. Thread-safe.
 */
final class ConnectionBudget {
  private static final InternalLogger logger =
      InternalLoggerFactory.getInstance(ConnectionBudget.class);

  private final @Nullable ConnectionBudget parent;
  private final BudgetPolicy policy;
  private final SharedMetric totals;
  private final Budget budget;
  private final AtomicLong refusals = new AtomicLong();
  private final AtomicLong overflow = new AtomicLong();
  private volatile @Nullable BudgetListener listener;

  /** Another one when the connection moved to another event loop. */
  private volatile ConnectionArena connection;

  ConnectionBudget(
      ConnectionArena connection, ArenaByteBufAllocator shared, @Nullable ConnectionBudget parent) {
    Options options = shared.options();
    this.connection = connection;
    this.parent = parent;
    this.policy = options.budgetPolicy();
    this.totals = shared.sharedMetric();
    this.budget =
        new Budget(
            options.softBudget(),
            options.hardBudget(),
            parent == null ? null : parent.budget,
            shared.globalBudget(),
            this::pressureChanged);
  }

  /** From now on {@code successor} is the connection's arena; what was charged stays charged. */
  void moveTo(ConnectionArena successor) {
    connection = successor;
  }

  /** The budget of {@code connection}, or null if no budget is set. */
  static @Nullable ConnectionBudget of(
      ConnectionArena connection, ArenaByteBufAllocator shared, @Nullable ConnectionArena parent) {
    return shared.options().hasBudget()
        ? new ConnectionBudget(connection, shared, parent == null ? null : parent.budget())
        : null;
  }

  // Charges

  boolean charge(int bytes) {
    return budget.charge(bytes);
  }

  void uncharge(int bytes) {
    budget.uncharge(bytes);
  }

  /**
   * No block fits, not even one of {@code bytes} bytes.
   *
   * @throws ArenaBudgetExceededException unless it may overflow
   */
  void overBudget(int bytes) {
    if (policy == BudgetPolicy.OVERFLOW) {
      return;
    }
    refusals.getAndIncrement();
    totals.refused();
    ArenaBudgetExceededException failure =
        ArenaBudgetExceededException.refused(
            connection.connection(), budget.shortage(bytes), bytes, connection.liveBuffers());
    tell(each -> each.allocationFailed(failure));
    throw failure;
  }

  void overflowed(int bytes) {
    overflow.getAndAdd(bytes);
    totals.overflowed(bytes);
  }

  // Pressure

  boolean isUnderPressure() {
    return budget.isUnderPressure();
  }

  /** Whether reads wait here; if so there is pressure from now on until there is room. */
  boolean awaitRoom() {
    if (policy != BudgetPolicy.PAUSE) {
      return false;
    }
    budget.awaitRoom();
    return true;
  }

  private void pressureChanged() {
    BudgetListener told = listener;
    if (told != null) {
      connection.executeLater(told::pressureChanged);
    }
  }

  // The listener

  void listener(BudgetListener listener) {
    this.listener = listener;
  }

  boolean hasListener() {
    return listener != null;
  }

  /** Tells the listener, or the parent's: a child's failure is its connection's. */
  void tell(Consumer<BudgetListener> news) {
    BudgetListener told = listener;
    if (told != null) {
      tell(told, news);
    } else if (parent != null) {
      parent.tell(news);
    }
  }

  private void tell(BudgetListener told, Consumer<BudgetListener> news) {
    try {
      news.accept(told);
    } catch (RuntimeException e) {
      logger.warn("budget listener of {} failed: {}", connection.connection(), told, e);
    }
  }

  // Figures

  /** Bytes charged, its children's included, and overflowed. */
  long heldBytes() {
    return budget.charged() + overflow.get();
  }

  long refusals() {
    return refusals.get();
  }

  long pauses() {
    return budget.pauses();
  }

  long overflowBytes() {
    return overflow.get();
  }
}
