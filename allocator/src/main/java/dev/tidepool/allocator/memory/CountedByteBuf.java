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
 * <p>Only the owner writes 0, so for the owner a 0 is authoritative; a non-zero read may be stale.
 *
 * <p>Every change of a living buffer's count is an atomic read-modify-write, except the owner
 * thread's final release, a plain store. That is safe because a count of 1 is the caller's own
 * reference: another thread would need a reference to retain or release, and there is none. The
 * owner reads that 1 by an acquire load. Each earlier release was a read-modify-write with release
 * semantics, so it happens-before the load: what other threads did with the bytes is ordered before
 * the memory's reuse. Two racing releases of one last reference are illegal with every allocator;
 * {@code checks=full} finds them.
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

  private int state; // also accessed through STATE

  CountedByteBuf() {
    super(0);
  }

  /**
   * Reads the count by an acquire load, so that a loop waiting for another thread's release ends:
   * the compiler may hoist a plain read. The owner's final release is a plain store, so reading 0
   * orders nothing that its thread did before.
   */
  @Override
  public int refCnt() {
    return stateAcquire() & COUNT;
  }

  /**
   * A plain read, for the check before an access: any ordering would keep the compiler from holding
   * the buffer's fields in registers. It is enough: the caller of a legal access holds a reference,
   * which keeps the count above zero. An illegal access is found at the next read that does not
   * come from a register. No loop may wait for it.
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

  /** {@link #isOccupied} as a number: 1 or 0. */
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
   * Releases {@code decrement} references.
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

  /** The exception for a {@code count} that cannot change by {@code change}. */
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
