package dev.tidepool.allocator.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Passes a pool from thread to thread, as no actor knows its thread before it runs, nor which
 * thread makes the state. The maker owns the pool at first and leaves it to a thread that never
 * runs; the actor takes it from there. So another thread always owns it in the eyes of all others.
 */
public final class StressOwner {
  private static final Thread NOBODY = new Thread("never runs");
  private static final VarHandle OWNER;

  static {
    try {
      OWNER =
          MethodHandles.privateLookupIn(Ownership.class, MethodHandles.lookup())
              .findVarHandle(Ownership.class, "thread", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private StressOwner() {}

  /** Makes the calling actor the owner. */
  public static void take(BlockPool pool) {
    pass(pool, Thread.currentThread());
  }

  /** Makes a thread that never runs the owner. */
  public static void leave(BlockPool pool) {
    pass(pool, NOBODY);
  }

  private static void pass(BlockPool pool, Thread owner) {
    OWNER.set(pool.ownership(), owner);
    pool.forEachBlock(block -> block.owner = block.recorder == null ? owner : null);
  }
}
