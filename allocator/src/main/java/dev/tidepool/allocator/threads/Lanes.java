package dev.tidepool.allocator.threads;

import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * The lanes of an allocator: a power of two of them, at least one for each processor. A thread
 * begins to look for a free one at its own stripe.
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

  /** The calling thread's: another one than that of the thread started before it, or after. */
  public int stripe() {
    return (int) Thread.currentThread().getId() & (lanes.length - 1);
  }

  /**
   * Locks the first lane that is free, from the calling thread's stripe on; if none is, waits for
   * the one of its stripe. A thread that holds a lane finds that one free to it, so it never waits
   * here while it holds another.
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
