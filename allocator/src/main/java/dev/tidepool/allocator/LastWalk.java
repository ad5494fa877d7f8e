package dev.tidepool.allocator;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last walk over an allocator's connections, for meters that ask one after another: at most one
 * walk a second is made. A thread that asks while another one walks gets the walk before that, so
 * none waits. Thread-safe.
 */
final class LastWalk {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ArenaByteBufAllocator allocator;
  private final int limit;
  private final LongSupplier nanoTime;
  private final AtomicBoolean walking = new AtomicBoolean();
  private volatile @Nullable Made last;

  private record Made(ConnectionWalk walk, long atNanos) {}

  /**
   * @param limit the most connections to list, the heaviest
   */
  LastWalk(ArenaByteBufAllocator allocator, int limit, LongSupplier nanoTime) {
    this.allocator = allocator;
    this.limit = limit;
    this.nanoTime = nanoTime;
  }

  ConnectionWalk get() {
    Made made = last;
    if (made == null) {
      return walk(); // the first threads may all walk
    }
    return isOld(made) && walking.compareAndSet(false, true) ? walkAlone() : made.walk;
  }

  private boolean isOld(Made made) {
    return nanoTime.getAsLong() - made.atNanos >= INTERVAL_NANOS;
  }

  private ConnectionWalk walkAlone() {
    try {
      Made made = last; // another thread may have walked just now
      return made != null && !isOld(made) ? made.walk : walk();
    } finally {
      walking.set(false);
    }
  }

  private ConnectionWalk walk() {
    ConnectionWalk walk = allocator.connections(limit, ConnectionOrder.HEAVIEST);
    last = new Made(walk, nanoTime.getAsLong());
    return walk;
  }
}
