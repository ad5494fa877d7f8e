package dev.tidepool.allocator.concurrent;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.Pools;
import dev.tidepool.allocator.memory.InvariantChecker;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** The shared state of a soak: the buffers under way, the connections, the first failure. */
final class Soak {
  private static final int LOOPS = 2;
  private static final int PLAIN_THREADS = 2;
  private static final int VIRTUAL_THREADS = 2;
  private static final int MOST_UNDER_WAY = 600;
  private static final DefaultThreadFactory FAST_THREADS = new DefaultThreadFactory("soak");

  final ArenaByteBufAllocator allocator;
  final LongAdder acts = new LongAdder();
  final LongAdder handOvers = new LongAdder();
  final LongAdder refusals = new LongAdder();
  private final SplittableRandom random;
  private final List<SoakLoop> loops = new ArrayList<>();
  private final BlockingQueue<Parcel> underWay = new LinkedBlockingQueue<>();
  private final AtomicInteger alive = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean over;

  Soak(ArenaByteBufAllocator allocator, long seed) {
    this.allocator = allocator;
    this.random = new SplittableRandom(seed);
    for (int i = 0; i < LOOPS; i++) {
      loops.add(new SoakLoop(this, random.split()));
    }
  }

  /** Acts for {@code duration}, then releases everything. */
  void run(Duration duration) throws Throwable {
    long end = System.nanoTime() + duration.toNanos();
    loops.forEach(SoakLoop::open);
    loops.forEach(SoakLoop::start);
    List<Thread> others = startOthers();
    while (System.nanoTime() - end < 0 && failure.get() == null) {
      Thread.sleep(5);
      loops.get(random.nextInt(LOOPS)).maybeReplace(random);
    }
    over = true;
    for (Thread other : others) {
      other.join();
    }
    for (SoakLoop loop : loops) {
      loop.end();
    }
    settle();
    letGoOfAll();
    settle(); // late callbacks of connections allocated there: it trims too
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  /** Waits for the thread on which Netty reports that a loop ended. */
  private static void settle() throws InterruptedException {
    GlobalEventExecutor.INSTANCE.submit(() -> {}).sync();
  }

  /** Starts the plain threads, some of them Netty's without an event loop, and the virtual ones. */
  private List<Thread> startOthers() {
    List<Thread> others = new ArrayList<>();
    for (int i = 0; i < PLAIN_THREADS; i++) {
      SoakActor actor = new SoakActor(this, random.split());
      Runnable task = () -> guarded(actor::actUntilOver);
      others.add(i % 2 == 0 ? new Thread(task, "soak-plain") : FAST_THREADS.newThread(task));
      others.get(i).start();
    }
    for (int i = 0; i < VIRTUAL_THREADS; i++) {
      SoakActor actor = new SoakActor(this, random.split());
      VirtualThreads.start(() -> guarded(actor::actUntilOver)).ifPresent(others::add);
    }
    return others;
  }

  private void letGoOfAll() {
    guarded(
        () -> {
          for (Parcel parcel = underWay.poll(); parcel != null; parcel = underWay.poll()) {
            parcel.verify();
            parcel.buffer().release();
          }
          allocator.trim();
          checkInvariants();
        });
  }

  // For the actors

  boolean isOver() {
    return over || failure.get() != null;
  }

  SoakLoop anyLoop(SplittableRandom random) {
    return loops.get(random.nextInt(loops.size()));
  }

  /** Counts one more buffer, unless there are many. */
  boolean mayCome() {
    if (alive.incrementAndGet() > MOST_UNDER_WAY) {
      alive.decrementAndGet();
      return false;
    }
    return true;
  }

  void gone() {
    alive.decrementAndGet();
  }

  void handOver(Parcel parcel) {
    underWay.add(parcel);
  }

  Parcel receive() {
    Parcel parcel = underWay.poll();
    if (parcel != null) {
      handOvers.increment();
      parcel.verify();
    }
    return parcel;
  }

  void checkInvariants() {
    Pools.forEach(allocator, pool -> pool.ownership().run(() -> InvariantChecker.check(pool)));
  }

  interface Part {
    void run() throws Exception;
  }

  void guarded(Part part) {
    try {
      part.run();
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  @Override
  public String toString() {
    int ended = loops.stream().mapToInt(SoakLoop::ended).sum();
    return "%,d acts, %,d hand-overs verified, %,d refused by the budget, %,d event loops ended, virtual threads: %s, %s"
        .formatted(
            acts.sum(),
            handOvers.sum(),
            refusals.sum(),
            ended,
            VirtualThreads.exist(),
            allocator.metric());
  }
}
