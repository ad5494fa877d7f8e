package dev.tidepool.allocator.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The handles released by threads that do not own the pool, waiting for the one that does.
 *
 * <p>A lock-free stack linked through the handles: anybody pushes, the owner takes all at once, so
 * there is no ABA. A handle is on it at most once: only the one who takes the last reference away
 * pushes, and the slot is not free before it was drained.
 */
final class RemoteReleases {
  /**
   * So much waiting is reason enough to wake the owner, in units of {@link #UNIT_SHIFT}: a
   * mebibyte, or 4,096 buffers, however small. Less may wait for the clock, for a quarter of an
   * interval, and with it the blocks that only these buffers hold. A wake-up takes some
   * microseconds (a task, and a system call if the loop sleeps); among so many releases that is a
   * nanosecond for each small buffer, and little beside writing to the large ones.
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

  @SuppressWarnings("unused") // through HEAD
  private @Nullable ArenaByteBuf head;

  @SuppressWarnings("unused") // through DRAINING
  private boolean draining;

  /**
   * How much waits is kept in the handles, each having what waits with it and behind it: no counter
   * that all releasing threads would write to. The sum is exact as long as the owner does not
   * drain; if it does between the look at the head and its replacement, {@code seen} may have had
   * another life, and an old sum is taken for a new one. It is only an estimate of when to wake the
   * owner.
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
   * Whether there are handles that the owner has not freed yet, be it that it is about to. Any
   * thread: who finds the list taken, by the acquire sees that it was being drained, or all that
   * draining did.
   */
  boolean isPendingAcquire() {
    return HEAD.getAcquire(this) != null || (boolean) DRAINING.getAcquire(this);
  }

  /** The owner begins to drain, or has freed all that it took. */
  void drainingRelease(boolean begins) {
    DRAINING.setRelease(this, begins);
  }

  /** Takes all, the last pushed first; follow {@code link}. */
  @Nullable ArenaByteBuf takeAllAtomic() {
    return (ArenaByteBuf) HEAD.getAndSet(this, (ArenaByteBuf) null);
  }

  /**
   * Has {@code free} free all that was pushed before. Whatever it throws for one of them, it is
   * called for the others, for nobody else knows them any more.
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
      handle = freed.backingOrNextReleased;
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
