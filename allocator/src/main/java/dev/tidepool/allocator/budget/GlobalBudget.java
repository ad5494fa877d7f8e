package dev.tidepool.allocator.budget;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The budget of one allocator as a whole: the bytes of blocks that all connections and all users of
 * the shared allocator together may hold.
 *
 * <pre>
 *   charged == bytes of blocks leased from all pools, without what overflowed
 *   charged &lt;= reserved &lt;= limit   (see {@link CreditedAccount})
 *   pressure is on from charged &gt; highWater until charged &lt;= lowWater
 *   reserved &lt;= highWater, or charged == reserved
 *   no loop has credit while pressure is on or a budget waits
 * </pre>
 *
 * <p>So a loop that charges by its credit need not read whether there is pressure: none can begin.
 * A loop that uncharges need not read whether a budget waits: it has none to wake. The thread that
 * begins pressure or waits takes all credit back; after that each charge is the account's. What is
 * charged by credit was reserved before, up to highWater. A thread that reserves more takes all
 * credit back, and reads again. So the marks and the limit are of what is really charged, as
 * exactly as without credit. Credit is opened again, loop by loop, when no more than lowWater is
 * reserved.
 *
 * <p>Idle blocks in the pools do not count: each is there for the next lease, of any connection.
 *
 * <p>Thread-safe. Touched when a block is leased or given back, never for a buffer.
 */
public final class GlobalBudget {
  /** The bytes that one read may take: a waiting budget is woken when there is so much room. */
  private static final long READ = 64 * 1024;

  private static final long WAKE_MILLIS = 1;

  private final CreditedAccount account;
  private final long highWater;
  private final long lowWater;
  private final long portion;
  private final Pressure relief;
  private final ScheduledExecutorService waker;
  private final AtomicBoolean pressure = new AtomicBoolean();

  /** The number of threads about to tell the pools that pressure is on. */
  private final AtomicInteger telling = new AtomicInteger();

  private final Queue<Budget> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean waking = new AtomicBoolean();
  private final BooleanSupplier mayOpenCredit = this::mayOpenCredit;

  /** What pressure sets in motion. Called by the allocating thread: quick, never waits. */
  public interface Pressure {
    void began();

    /** A budget waits for room: the pools are to give back empty blocks. */
    void makeRoom();

    /** A thread asks for more while pressure is on. */
    void goesOn();
  }

  /**
   * @param waker runs the tasks that tell waiting budgets of room
   */
  public GlobalBudget(CreditedAccount account, Pressure relief, ScheduledExecutorService waker) {
    long limit = account.limit();
    this.account = account;
    this.highWater = limit - limit / 8;
    this.lowWater = limit - limit / 4;
    this.portion = Math.min(READ, Math.max(1, limit / 8));
    this.relief = relief;
    this.waker = waker;
  }

  /**
   * Counts {@code bytes}.
   *
   * @param credit of the loop whose pool the block is from
   * @return false, and nothing was counted, if there is no room for them
   */
  public boolean charge(LoopCredit credit, int bytes) {
    return credit.chargeAtomic(bytes) || chargeAccount(bytes);
  }

  private boolean chargeAccount(int bytes) {
    boolean charged = account.charge(bytes);
    try {
      updatePressure();
      if (pressure.get()) {
        relief.goesOn();
      }
    } catch (Throwable e) {
      if (charged) {
        account.uncharge(bytes); // the caller gets an exception, and no block
      }
      throw e;
    }
    return charged;
  }

  public void uncharge(LoopCredit credit, int bytes) {
    if (!credit.unchargeAtomic(bytes)) {
      unchargeAccount(credit, bytes);
    }
  }

  private void unchargeAccount(LoopCredit credit, int bytes) {
    account.uncharge(bytes);
    updatePressure();
    wakeSoon();
    if (credit.awaitsOpening() && mayOpenCredit()) {
      account.open(credit, mayOpenCredit);
    }
  }

  private boolean mayOpenCredit() {
    return !pressure.get() && waiting.isEmpty() && account.reserved() <= lowWater;
  }

  /** The credit of a loop that begins. */
  public LoopCredit newCredit() {
    return account.newCredit();
  }

  /**
   * Reads the figure again after each change of the flag: the figure may have changed in between.
   * What is reserved is charged once all credit is taken back, which is before pressure begins.
   */
  private void updatePressure() {
    boolean on = pressure.get();
    while (on != (account.reserved() > (on ? lowWater : highWater))) {
      if (on) {
        pressure.compareAndSet(true, false);
      } else if (account.hasCredit()) {
        account.takeBack();
      } else {
        beginPressure();
      }
      on = pressure.get();
    }
  }

  private void beginPressure() {
    telling.getAndIncrement();
    boolean begun;
    try {
      begun = pressure.compareAndSet(false, true);
      if (begun) {
        endCredit();
        relief.makeRoom();
      }
    } finally {
      telling.getAndDecrement();
    }
    if (begun) {
      relief.began();
    }
  }

  /** Takes back, now that opening is forbidden, what was opened since the last time. */
  private void endCredit() {
    if (account.hasCredit()) {
      account.takeBack();
    }
  }

  public boolean isUnderPressure() {
    return pressure.get();
  }

  /** Whether pressure is on, and every pool has been told since it began. */
  public boolean isPressureKnown() {
    return pressure.get() && telling.get() == 0; // in this order: counted before pressure is on
  }

  /** Whether a budget waits for room, or may have to soon. */
  public boolean wantsRoom() {
    return pressure.get() || !waiting.isEmpty();
  }

  public CreditedAccount account() {
    return account;
  }

  // Reads that wait

  /** Has {@code budget} told when there is room. */
  void awaitRoom(Budget budget) {
    waiting.add(budget); // from here on room is wanted; the pools are drained after that
    endCredit(); // then a thread that uncharges reads whether a budget waits
    if (pressure.get()) {
      relief.goesOn(); // the pools were told when it began
    } else {
      relief.makeRoom();
    }
    wakeSoon();
  }

  /** A connection closed; the budgets that wait may need more than it gave back. */
  public void connectionClosed() {
    if (pressure.get() && !waiting.isEmpty()) {
      relief.goesOn();
    }
  }

  /**
   * Wakes as many as there is room for, and again while there is room: a woken one may need none.
   */
  private void wakeSoon() {
    if (!waiting.isEmpty() && account.hasUnreserved(portion) && waking.compareAndSet(false, true)) {
      try {
        waker.schedule(this::wake, WAKE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (OutOfMemoryError e) {
        waking.set(false); // no thread: the next that gives something back tries again
      }
    }
  }

  private void wake() {
    waking.set(false);
    for (long room = portion; account.hasUnreserved(room); room += portion) {
      Budget first = waiting.poll();
      if (first == null) {
        return;
      }
      first.roomInGlobal();
    }
    wakeSoon();
  }
}
