package dev.tidepool.allocator.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Passes a pool from thread to thread, as no actor knows its thread before it runs, nor which
 * thread makes the state. So the maker owns the pool at first, leaves it to a thread that never
 * runs, and the actor takes it from there: to all other threads it looks owned by somebody else all
 * the time.
 */
public final class StressOwner {
  private static final Thread NOBODY = new Thread("never runs");
  private static final VarHandle OWNER;

  static {
    try {
      OWNER =
          MethodHandles.privateLookupIn(BlockPool.class, MethodHandles.lookup())
              .findVarHandle(BlockPool.class, "owner", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private StressOwner() {}

  /** The calling actor is the owner from now on. */
  public static void take(BlockPool pool) {
    pass(pool, Thread.currentThread());
  }

  /** Nobody is, who ever runs. */
  public static void leave(BlockPool pool) {
    pass(pool, NOBODY);
  }

  private static void pass(BlockPool pool, Thread owner) {
    OWNER.set(pool, owner);
    pool.forEachBlock(block -> block.owner = owner);
  }
}
