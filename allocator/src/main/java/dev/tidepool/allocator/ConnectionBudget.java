package dev.tidepool.allocator;

import dev.tidepool.allocator.budget.Budget;
import dev.tidepool.allocator.budget.GlobalBudget;
import dev.tidepool.allocator.budget.LoopCredit;
import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaBudget;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.RefusalLog;
import dev.tidepool.allocator.threads.LoopTasks;
import dev.tidepool.allocator.threads.Reclaiming;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The budget of one connection's arenas: refuses what it has no room for, or lets it overflow, as
 * the policy says, and tells the listener. Thread-safe.
 */
final class ConnectionBudget implements ArenaBudget {
  private static final InternalLogger logger =
      InternalLoggerFactory.getInstance(ConnectionBudget.class);

  private final @Nullable ConnectionBudget parent;
  private final BudgetPolicy policy;
  private final AllocatorMetrics totals;
  private final RefusalLog refusalLog;
  private final Budget budget;
  private final AtomicLong refusals = new AtomicLong();
  private final AtomicLong overflow = new AtomicLong();
  private final AtomicLong childrensOverflow = new AtomicLong();
  private volatile @Nullable BudgetListener listener;

  /** A cache of the loop charged last. Any thread, as all fields read through it are final. */
  private @Nullable LoopArenas loop;

  /** Replaced when the connection moves to another event loop. */
  private volatile ConnectionArena connection;

  ConnectionBudget(
      ConnectionArena connection, ArenaByteBufAllocator shared, @Nullable ConnectionBudget parent) {
    Options options = shared.options();
    this.connection = connection;
    this.parent = parent;
    this.policy = options.get(Options.BUDGET_POLICY);
    this.totals = shared.sharedMetric();
    this.refusalLog = shared.refusalLog();
    this.budget =
        new Budget(
            options.get(Options.SOFT_BUDGET),
            options.get(Options.HARD_BUDGET),
            parent == null ? null : parent.budget,
            shared.globalBudget(),
            this::pressureChanged);
  }

  /** Makes {@code successor} the connection's arena; what was charged stays charged. */
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

  @Override
  public boolean charge(Arena arena, int bytes) {
    LoopCredit credit = creditAt(arena.pool());
    if (budget.charge(credit, bytes)) {
      return true;
    }
    userOf(arena).giveBackEmpty(); // empty blocks must not cause a refusal
    return budget.charge(credit, bytes);
  }

  /** Not {@link #connection}: that is the successor while an arena that was moved retires. */
  private static ArenaRouter userOf(Arena arena) {
    return ((ConnectionHost) arena.host()).connection();
  }

  @Override
  public void uncharge(Arena arena, int bytes) {
    budget.uncharge(creditAt(arena.pool()), bytes);
  }

  private LoopCredit creditAt(BlockPool pool) {
    LoopArenas known = loop;
    return known != null && known.pool() == pool ? known.credit() : findCredit(pool);
  }

  private LoopCredit findCredit(BlockPool pool) {
    LoopArenas found = connection.shared().pools().loopOf(pool);
    if (found == null) {
      return LoopCredit.NONE; // a lane's; the cache stays with the loop
    }
    loop = found;
    return found.credit();
  }

  /**
   * {@inheritDoc}
   *
   * @throws ArenaBudgetExceededException unless the policy is to overflow
   */
  @Override
  public void refuse(int bytes) {
    if (policy == BudgetPolicy.OVERFLOW) {
      return;
    }
    refusals.getAndIncrement();
    totals.refused();
    ArenaBudgetExceededException failure =
        ArenaBudgetExceededException.refused(
            connection.connection(), budget.shortage(bytes), bytes, connection.liveBuffers());
    if (!tell(each -> each.allocationFailed(failure))) {
      refusalLog.refused(failure.report());
    }
    throw failure.recorded();
  }

  @Override
  public void overflowed(int bytes) {
    overflow.getAndAdd(bytes);
    totals.overflowed(bytes);
    for (ConnectionBudget above = parent; above != null; above = above.parent) {
      above.childrensOverflow.getAndAdd(bytes);
    }
  }

  // Pressure

  boolean isUnderPressure() {
    return budget.isUnderPressure();
  }

  /** Whether reads wait for room, by the policy; if so there is pressure until there is room. */
  boolean awaitRoom() {
    if (policy != BudgetPolicy.PAUSE) {
      return false;
    }
    budget.awaitRoom();
    pressureChanged();
    return true;
  }

  /**
   * Handles the change by a task, as this may be the middle of an allocation. Under pressure
   * releases wake the owners of the blocks; the task drains what was released before.
   */
  private void pressureChanged() {
    ConnectionArena asked = connection;
    LoopTasks.later(asked.executor(), () -> afterPressureChange(asked), asked.connection());
  }

  /** Runs on the event loop of {@code asked}, which the connection may have left meanwhile. */
  private void afterPressureChange(ConnectionArena asked) {
    if (asked != connection) {
      pressureChanged();
      return;
    }
    if (budget.isUnderPressure()) {
      connection.makeRoom();
    }
    tellOfPressure();
    connection.tellChildrenOfPressure();
  }

  void tellOfPressure() {
    BudgetListener told = listener;
    if (told != null) {
      told.pressureChanged();
    }
  }

  @Override
  public boolean wantsRoom() {
    return budget.wantsRoom();
  }

  @Override
  public boolean makeRoom(Arena arena, int bytes) {
    if (policy == BudgetPolicy.OVERFLOW) {
      return false;
    }
    Reclaiming reclaiming = connection.shared().pools().reclaiming();
    GlobalBudget global = connection.shared().globalBudget();
    if (global != null && !global.account().hasRoom(bytes)) {
      reclaiming.makeRoom(global);
    } else {
      reclaiming.makeRoomOn(userOf(arena).executor());
    }
    return true;
  }

  // The listener

  void listener(BudgetListener listener) {
    this.listener = listener;
  }

  boolean hasListener() {
    return listener != null;
  }

  /**
   * Tells the listener or, without one, the parent's: a child's failure is its connection's.
   *
   * @return false if there is none
   */
  boolean tell(Consumer<BudgetListener> news) {
    BudgetListener told = listener;
    if (told != null) {
      tell(told, news);
      return true;
    }
    return parent != null && parent.tell(news);
  }

  private void tell(BudgetListener told, Consumer<BudgetListener> news) {
    try {
      news.accept(told);
    } catch (RuntimeException e) {
      logger.warn("budget listener of {} failed: {}", connection.connection(), told, e);
    }
  }

  // Figures

  /** Bytes charged and overflowed, the children's included. */
  long heldBytes() {
    return budget.charged() + overflow.get() + childrensOverflow.get();
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
