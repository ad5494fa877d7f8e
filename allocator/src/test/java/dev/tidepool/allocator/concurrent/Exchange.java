package dev.tidepool.allocator.concurrent;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.allocator.Pools;
import dev.tidepool.allocator.memory.InvariantChecker;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The shared state of one run's workers: the event loop's, and those of other threads. */
final class Exchange {
  private static final int WORKERS = 4;
  private static final int MOST_PARCELS = 300;
  private static final int ACTS_OF_A_TASK = 64;

  private final ArenaByteBufAllocator allocator;
  private final EventExecutor loop;
  private final List<Worker> workers = new ArrayList<>();
  private final SplittableRandom random;
  private final AtomicInteger parcels = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CountDownLatch acting = new CountDownLatch(WORKERS);
  private volatile ConnectionArena arena;

  Exchange(ArenaByteBufAllocator allocator, EventExecutor loop, long seed) {
    this.allocator = allocator;
    this.loop = loop;
    this.random = new SplittableRandom(seed);
    this.arena = allocator.newConnectionArena(loop);
    for (int i = 0; i < WORKERS; i++) {
      workers.add(new Worker(this, random.split()));
    }
  }

  // For the workers

  ArenaByteBufAllocator allocator() {
    return allocator;
  }

  ConnectionArena arena() {
    return arena;
  }

  void handOver(Parcel parcel, SplittableRandom random) {
    workers.get(random.nextInt(WORKERS)).put(parcel);
  }

  boolean wantsMore() {
    return parcels.get() < MOST_PARCELS;
  }

  void come() {
    parcels.incrementAndGet();
  }

  void gone() {
    parcels.decrementAndGet();
  }

  // The run

  /** Starts a thread; the event loop has its own. */
  interface Starter {
    Thread start(Runnable task);
  }

  /** Has each worker act so often; it then releases what comes in until all others are done. */
  void run(int acts, Starter starter) throws Throwable {
    loop.execute(() -> actOnLoop(acts));
    List<Thread> threads = new ArrayList<>();
    for (Worker worker : workers.subList(1, WORKERS)) {
      threads.add(starter.start(() -> guarded(() -> actElsewhere(worker, acts))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    acting.await();
    loop.submit(() -> guarded(this::end)).sync();
    allocator.trim();
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private void actElsewhere(Worker worker, int acts) throws InterruptedException {
    try {
      for (int left = acts; left > 0 && failure.get() == null; ) {
        left -= worker.act() || worker.waitAndAct() ? 1 : 0;
      }
    } finally {
      acting.countDown();
    }
    do {
      worker.letGo();
    } while (!acting.await(1, TimeUnit.MILLISECONDS));
    worker.letGo();
  }

  /** Acts in short tasks, so that the loop's other tasks get their turns. */
  private void actOnLoop(int acts) {
    int[] left = {acts};
    guarded(() -> left[0] -= actAsOwner(Math.min(acts, ACTS_OF_A_TASK)));
    if (left[0] > 0 && failure.get() == null) {
      loop.execute(() -> actOnLoop(left[0]));
    } else {
      acting.countDown();
      letGoOnLoop();
    }
  }

  private void letGoOnLoop() {
    guarded(workers.get(0)::letGo);
    if (acting.getCount() > 0) {
      loop.execute(this::letGoOnLoop);
    }
  }

  private int actAsOwner(int tries) {
    int acts = 0;
    for (int i = 0; i < tries; i++) {
      acts += workers.get(0).act() ? 1 : 0;
    }
    switch (random.nextInt(8)) {
      case 0, 1, 2, 3 -> arena.reset();
      case 4 -> allocator.trim();
      case 5 -> reopen();
      default -> checkInvariants();
    }
    return acts;
  }

  private void reopen() {
    ConnectionArena before = arena;
    arena = allocator.newConnectionArena(loop);
    before.close();
  }

  private void checkInvariants() {
    Pools.forEach(allocator, pool -> pool.ownership().run(() -> InvariantChecker.check(pool)));
  }

  private void end() {
    workers.get(0).letGo();
    arena.close();
    allocator.trim();
    checkInvariants();
  }

  private interface Part {
    void run() throws Exception;
  }

  private void guarded(Part part) {
    try {
      part.run();
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }
}
