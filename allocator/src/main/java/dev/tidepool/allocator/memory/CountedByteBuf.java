package dev.tidepool.allocator.memory;

import io.netty.buffer.AbstractByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The reference count of a handle, in one int with two flags.
 *
 * <pre>
 *   state == 0                    the slot is free; only the owner of the pool writes this
 *   state == PENDING              released for good elsewhere, not yet drained by the owner
 *   state &amp; COUNT  > 0            alive, with that many references
 *   state &amp; DETACHED != 0         alive, its bytes are another buffer's (see {@code backing})
 * </pre>
 *
 * <p>Because only the owner writes 0, an owner that reads 0 knows that the slot is free, and one
 * that reads anything else may at worst think so too late.
 *
 * <p>Every change of a count above 1 is an atomic read-modify-write. The one exception is the final
 * release by the owner thread, a plain store. It is safe because a count of 1 that the caller holds
 * a reference to is the caller's own: any other thread would first need a reference to retain or
 * release, and there is none. The acquire load that finds the 1 orders the uses of those who
 * released before (their decrement is a release) ahead of the reuse of the memory. Two racing
 * releases of the same last reference are illegal with every allocator; {@code checks=full} finds
 * them.
 */
abstract class CountedByteBuf extends AbstractByteBuf {
  static final int COUNT = 0x3fff_ffff;
  static final int DETACHED = 0x4000_0000;
  static final int PENDING = 0x8000_0000;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(CountedByteBuf.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private int state; // and through STATE

  CountedByteBuf() {
    super(0);
  }

  /**
   * An acquire load, so that a loop which waits for another thread's release ends: the compiler may
   * hoist a plain one. The owner's final release is a plain store, so a 0 does not order what its
   * thread did before.
   */
  @Override
  public int refCnt() {
    return stateAcquire() & COUNT;
  }

  /**
   * By a plain read, for the check in front of an access: anything that orders would keep the
   * compiler from holding the rest of the buffer in registers. It is enough, since the caller of a
   * legal access holds a reference, by which the count stays above zero; an illegal one is found at
   * the next read that the compiler does not take from a register. No loop may wait for it.
   */
  final boolean isAlivePlain() {
    return (statePlain() & COUNT) != 0;
  }

  final int stateAcquire() {
    return (int) STATE.getAcquire(this);
  }

  final int statePlain() {
    return state;
  }

  final void statePlain(int value) {
    state = value;
  }

  /** Whether the slot is not free: alive, or released elsewhere and not yet drained. */
  final boolean isOccupied() {
    return stateAcquire() != 0;
  }

  /** The same as a number: 1 if it is, else 0. */
  final int occupied() {
    int seen = stateAcquire();
    return (seen | -seen) >>> (Integer.SIZE - 1);
  }

  final boolean isDetached() {
    return (statePlain() & DETACHED) != 0;
  }

  /** Only for the holder of a reference: the count stays above zero meanwhile. */
  final void markDetachedAtomic() {
    STATE.getAndBitwiseOr(this, DETACHED);
  }

  @Override
  public final ByteBuf retain() {
    retainAtomic(1);
    return this;
  }

  @Override
  public final ByteBuf retain(int increment) {
    retainAtomic(checkPositive(increment, "increment"));
    return this;
  }

  private void retainAtomic(int increment) {
    for (; ; ) {
      int seen = stateAcquire();
      int count = seen & COUNT;
      if (count == 0 || count > COUNT - increment) {
        throw refusal(count, increment);
      }
      if (STATE.compareAndSet(this, seen, seen + increment)) {
        return;
      }
    }
  }

  /**
   * Takes {@code decrement} references away.
   *
   * @return the state before, if that was the last reference (the state is now {@link #PENDING});
   *     otherwise 0
   */
  final int releaseAtomic(int decrement) {
    for (; ; ) {
      int seen = stateAcquire();
      int count = seen & COUNT;
      if (count < decrement) {
        throw refusal(count, -decrement);
      }
      boolean last = count == decrement;
      if (STATE.compareAndSet(this, seen, last ? PENDING : seen - decrement)) {
        return last ? seen : 0;
      }
    }
  }

  /** What to throw when {@code count} cannot change by so much. */
  IllegalReferenceCountException refusal(int count, int change) {
    return new IllegalReferenceCountException(count, change);
  }

  static int checkPositive(int value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
    return value;
  }

  @Override
  public ByteBuf touch() {
    return this;
  }

  @Override
  public ByteBuf touch(Object hint) {
    return this;
  }
}
