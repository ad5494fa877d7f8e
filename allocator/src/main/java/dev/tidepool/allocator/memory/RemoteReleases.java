package dev.tidepool.allocator.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The handles released by threads that do not own the pool, waiting for its owner.
 *
 * <p>A lock-free stack linked through the handles. Any thread pushes, the owner takes all at once,
 * so there is no ABA. A handle is on it at most once: only the thread that takes the last reference
 * away pushes it, and its slot is not free before the owner has drained it.
 */
final class RemoteReleases {
  /**
   * The amount waiting that wakes the owner, in units of {@link #UNIT_SHIFT}: a mebibyte, or 4,096
   * buffers, however small. Less may wait for the clock, for a quarter of an interval, and with it
   * the blocks that only these buffers hold. A wake-up takes some microseconds (a task, and a
   * system call if the loop sleeps): among so many releases a nanosecond for each small buffer, and
   * little beside writing to the large ones.
   */
  static final int MUCH = 4096;

  private static final int UNIT_SHIFT = 8;

  private static final VarHandle HEAD;
  private static final VarHandle DRAINING;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      HEAD = lookup.findVarHandle(RemoteReleases.class, "head", ArenaByteBuf.class);
      DRAINING = lookup.findVarHandle(RemoteReleases.class, "draining", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // accessed through HEAD
  private @Nullable ArenaByteBuf head;

  @SuppressWarnings("unused") // accessed through DRAINING
  private boolean draining;

  /**
   * Pushes {@code handle}. Each handle keeps the sum of what waits in it and behind it, so
   * releasing threads share no counter. The sum is exact unless the owner drains meanwhile: between
   * the look at the head and its replacement {@code seen} may have lived again, and an old sum is
   * taken for a new one. The sum only estimates when to wake the owner.
   *
   * @return how much waits now, this one included, in units
   */
  int pushRemoteRelease(ArenaByteBuf handle) {
    int units = Math.max(1, handle.reserved >>> UNIT_SHIFT);
    ArenaByteBuf seen;
    int waiting;
    do {
      seen = (ArenaByteBuf) HEAD.getAcquire(this);
      waiting = Math.min(seen == null ? units : seen.waiting + units, MUCH);
      handle.backingOrNextReleased = seen;
      handle.waiting = (char) waiting;
    } while (!HEAD.compareAndSet(this, seen, handle));
    return waiting; // by now the handle may be alive again
  }

  boolean isEmptyOpaque() {
    return HEAD.getOpaque(this) == null;
  }

  /**
   * Whether handles wait that the owner has not freed yet, even if it is about to. Any thread. If
   * the acquire load of HEAD reads the null of a drain, the thread then reads {@code draining} as
   * set, or sees all that the drain did.
   */
  boolean isPendingAcquire() {
    return HEAD.getAcquire(this) != null || (boolean) DRAINING.getAcquire(this);
  }

  /** Marks that the owner begins to drain, or has freed all that it took. */
  void drainingRelease(boolean begins) {
    DRAINING.setRelease(this, begins);
  }

  /** Takes all handles, the last pushed first, linked by {@code nextReleased}. */
  @Nullable ArenaByteBuf takeAllAtomic() {
    return (ArenaByteBuf) HEAD.getAndSet(this, (ArenaByteBuf) null);
  }

  /**
   * Has {@code free} free all that was pushed before. If it throws for one handle, it is still
   * called for the others: the list was their only reference.
   */
  void drainAtomic(Consumer<ArenaByteBuf> free) {
    drainingRelease(true);
    try {
      freeAll(takeAllAtomic(), free);
    } finally {
      drainingRelease(false);
    }
  }

  private static void freeAll(@Nullable ArenaByteBuf first, Consumer<ArenaByteBuf> free) {
    ArenaByteBuf handle = first;
    RuntimeException failure = null;
    Error error = null;
    while (handle != null) {
      ArenaByteBuf freed = handle;
      handle = freed.nextReleased();
      freed.backingOrNextReleased = null;
      try {
        free.accept(freed);
      } catch (RuntimeException e) {
        failure = e;
      } catch (Error e) {
        error = e;
      }
    }
    throwIfAny(failure, error);
  }

  private static void throwIfAny(@Nullable RuntimeException failure, @Nullable Error error) {
    if (error != null) {
      throw error;
    }
    if (failure != null) {
      throw failure;
    }
  }
}
