package dev.tidepool.allocator;

import dev.tidepool.allocator.budget.BudgetFigures;
import dev.tidepool.allocator.budget.GlobalBudget;
import dev.tidepool.allocator.logging.LogLimiter;
import dev.tidepool.allocator.threads.ClockThread;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The relief of pressure, when all connections together come close to the global budget. When
 * pressure begins, at most once in {@link #QUIET}, it logs the heaviest connections and trims idle
 * memory. If so configured, it closes the heaviest connection, and the next when that has closed
 * and more is allocated.
 *
 * <p>Runs on the clock's thread, so that no allocation waits for it.
 */
final class PressureRelief implements GlobalBudget.Pressure {
  private static final InternalLogger logger =
      InternalLoggerFactory.getInstance(PressureRelief.class);
  private static final int NAMED = 5;

  /** Under load, pressure may begin many times a second. */
  private static final Duration QUIET = Duration.ofSeconds(30);

  private final ArenaByteBufAllocator shared;
  private final Collection<ConnectionArena> connections;
  private final BudgetFigures global;
  private final boolean closesHeaviest;
  private final LogLimiter limiter;
  private final AtomicBoolean closing = new AtomicBoolean();

  /** Whether more was asked for since {@link #lastClosed} was chosen, and that has closed. */
  private volatile boolean asked;

  private volatile @Nullable ConnectionArena lastClosed;

  PressureRelief(
      ArenaByteBufAllocator shared,
      Collection<ConnectionArena> connections,
      BudgetFigures global,
      boolean closesHeaviest) {
    this(shared, connections, global, closesHeaviest, System::nanoTime);
  }

  /**
   * @param nanoTime the clock that bounds how often the heaviest are logged
   */
  PressureRelief(
      ArenaByteBufAllocator shared,
      Collection<ConnectionArena> connections,
      BudgetFigures global,
      boolean closesHeaviest,
      LongSupplier nanoTime) {
    this.limiter = new LogLimiter(1, QUIET, nanoTime);
    this.shared = shared;
    this.connections = connections;
    this.global = global;
    this.closesHeaviest = closesHeaviest;
  }

  @Override
  public void began() {
    String note = limiter.admit();
    if (note != null) {
      var unused = ClockThread.execute(() -> nameAndTrim(note));
    }
  }

  private void nameAndTrim(String note) {
    logger.warn(
        "globalBudget: {} of {} bytes are held; the heaviest connections: {}{}",
        global.charged(),
        global.limit(),
        names(heaviest().limit(NAMED).toList()),
        note);
    shared.trim();
  }

  private static String names(List<Weighed> heaviest) {
    return heaviest.stream()
        .map(each -> each.arena.connection() + ": " + each.bytes + " bytes")
        .collect(Collectors.joining(", "));
  }

  /** Each time: an owner that is not told keeps empty blocks that an allocation waits for. */
  @Override
  public void makeRoom() {
    shared.pools().reclaiming().makeRoomSoon();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Dekker's store-load pattern: this thread writes {@code asked}, then reads {@code closing};
   * the clock's thread writes {@code closing}, then reads {@code asked}. So a connection that has
   * closed before the closing of it is over, and gave too little back, is followed by the next.
   */
  @Override
  public void goesOn() {
    if (closesHeaviest && !isGoing(lastClosed)) {
      asked = true;
      if (closing.compareAndSet(false, true) && !ClockThread.execute(this::closeHeaviest)) {
        closing.set(false); // the next that asks tries again
      }
    }
  }

  private static boolean isGoing(@Nullable ConnectionArena arena) {
    return arena != null && !arena.isClosed();
  }

  private void closeHeaviest() {
    asked = false; // else one that finds none to close would look for ever
    try {
      if (!isGoing(lastClosed)) { // of two tasks, if one was left over
        heaviest().filter(Weighed::isHeard).findFirst().ifPresent(this::close);
      }
    } finally {
      closing.set(false);
      if (asked) {
        goesOn();
      }
    }
  }

  private void close(Weighed heaviest) {
    lastClosed = heaviest.arena;
    asked = false; // this is the answer to all who asked before
    heaviest.arena.requestClose(
        ArenaBudgetExceededException.heaviest(heaviest.arena.connection(), heaviest.bytes, global));
  }

  /** The whole connections, children included, that hold memory, heaviest first. */
  private Stream<Weighed> heaviest() {
    return connections.stream()
        .filter(arena -> arena.isRoot() && !arena.isClosed())
        .map(Weighed::of) // read once: figures change
        .filter(each -> each.bytes > 0)
        .sorted(Comparator.comparingLong(Weighed::bytes).reversed());
  }

  private record Weighed(ConnectionArena arena, @Nullable ConnectionBudget budget, long bytes) {
    static Weighed of(ConnectionArena arena) {
      ConnectionBudget budget = arena.budget();
      return new Weighed(arena, budget, budget == null ? 0 : budget.heldBytes());
    }

    boolean isHeard() {
      return budget != null && budget.hasListener();
    }
  }
}
