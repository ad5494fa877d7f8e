package dev.tidepool.allocator;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bytes of blocks that everybody together may hold: every connection, and whoever allocates
 * from the shared allocator.
 *
 * <pre>
 *   charged == bytes of blocks leased from all pools, without what overflowed
 *   charged &lt;= limit
 *   pressure is on from charged &gt; highWater until charged &lt;= lowWater
 * </pre>
 *
 * <p>Idle blocks in the pools do not count: they are nobody's, and each is there for the next
 * lease.
 *
 * <p>Thread-safe. Touched when a block is leased or given back, never for a buffer.
 */
final class GlobalBudget {
  /** What one read may take: so much room is looked for before one that waits is woken. */
  private static final long READ = 64 * 1024;

  private static final long WAKE_MILLIS = 1;

  private final Account account;
  private final long highWater;
  private final long lowWater;
  private final long portion;
  private final Pressure relief;
  private final AtomicBoolean pressure = new AtomicBoolean();

  /** How many threads are about to tell the pools that pressure is on. */
  private final AtomicInteger telling = new AtomicInteger();

  private final Queue<Budget> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean waking = new AtomicBoolean();

  /** Told of pressure by whoever allocates: quick, and never waits. */
  interface Pressure {
    void began();

    /** Somebody waits for room: what the pools hold for nothing is to be given back. */
    void makeRoom();

    /** Somebody asks for more while pressure is on. */
    void goesOn();
  }

  GlobalBudget(Account account, Pressure relief) {
    long limit = account.limit();
    this.account = account;
    this.highWater = limit - limit / 8;
    this.lowWater = limit - limit / 4;
    this.portion = Math.min(READ, Math.max(1, limit / 8));
    this.relief = relief;
  }

  boolean charge(int bytes) {
    boolean charged = account.charge(bytes);
    updatePressure();
    if (pressure.get()) {
      relief.goesOn();
    }
    return charged;
  }

  void uncharge(int bytes) {
    account.uncharge(bytes);
    updatePressure();
    wakeSoon();
  }

  /** Whoever changed the flag looks at the figure again: it may have changed in between. */
  private void updatePressure() {
    boolean on = pressure.get();
    while (on != (account.charged() > (on ? lowWater : highWater))) {
      if (on) {
        pressure.compareAndSet(true, false);
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
        relief.makeRoom();
      }
    } finally {
      telling.getAndDecrement();
    }
    if (begun) {
      relief.began();
    }
  }

  boolean isUnderPressure() {
    return pressure.get();
  }

  /** Whether pressure is on, and every pool has been told since it began. */
  boolean isPressureKnown() {
    return pressure.get() && telling.get() == 0; // in this order: counted before pressure is on
  }

  /** Whether somebody waits for room, or may have to soon. */
  boolean wantsRoom() {
    return pressure.get() || !waiting.isEmpty();
  }

  Account account() {
    return account;
  }

  // Reads that wait

  /** Has {@code budget} told when there is room. */
  void awaitRoom(Budget budget) {
    waiting.add(budget); // from here on room is wanted; the pools are drained after that
    if (pressure.get()) {
      relief.goesOn(); // and they were told when it began
    } else {
      relief.makeRoom();
    }
    wakeSoon();
  }

  /** A connection closed; others may wait for more than it gave back. */
  void connectionClosed() {
    if (pressure.get() && !waiting.isEmpty()) {
      relief.goesOn();
    }
  }

  /**
   * Wakes as many as there is room for, and again while there is room: a woken one may need none.
   */
  private void wakeSoon() {
    if (!waiting.isEmpty() && account.hasRoom(portion) && waking.compareAndSet(false, true)) {
      var unused = TrimClock.daemon().schedule(this::wake, WAKE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void wake() {
    waking.set(false);
    for (long room = portion; account.hasRoom(room); room += portion) {
      Budget first = waiting.poll();
      if (first == null) {
        return;
      }
      first.roomInGlobal();
    }
    wakeSoon();
  }
}
