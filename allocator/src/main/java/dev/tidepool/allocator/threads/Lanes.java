package dev.tidepool.allocator.threads;

import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * The lanes of one allocator: a power of two of them, at least one for each processor. A thread
 * looks for a free lane from its own stripe on.
 */
public final class Lanes {
  private final Lane[] lanes;

  Lanes(IntFunction<Lane> make) {
    lanes = new Lane[Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors())];
    for (int stripe = 0; stripe < lanes.length; stripe++) {
      lanes[stripe] = make.apply(stripe);
    }
  }

  public int count() {
    return lanes.length;
  }

  public Lane at(int stripe) {
    return lanes[stripe];
  }

  /** The calling thread's stripe, another than that of the thread started before or after it. */
  public int stripe() {
    return (int) Thread.currentThread().getId() & (lanes.length - 1);
  }

  /**
   * Locks the first free lane from the calling thread's stripe on; if none is free, waits for the
   * lane of its stripe. To a thread that holds a lane that lane is free, so it never waits here
   * while it holds another.
   */
  public Lane lock() {
    int stripe = stripe();
    for (int i = 0; i < lanes.length; i++) {
      Lane lane = lanes[(stripe + i) & (lanes.length - 1)];
      if (lane.tryLock()) {
        return lane;
      }
    }
    lanes[stripe].lock();
    return lanes[stripe];
  }

  void forEach(Consumer<ThreadArenas> action) {
    for (Lane lane : lanes) {
      action.accept(lane);
    }
  }
}
