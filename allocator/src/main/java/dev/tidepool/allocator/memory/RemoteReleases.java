package dev.tidepool.allocator.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The handles released by threads that do not own the pool, waiting for the one that does.
 *
 * <p>A lock-free stack linked through the handles: anybody pushes, the owner takes all at once, so
 * there is no ABA. A handle is on it at most once: only the one who takes the last reference away
 * pushes, and the slot is not free before it was drained.
 */
final class RemoteReleases {
  private static final VarHandle HEAD;

  static {
    try {
      HEAD = MethodHandles.lookup().findVarHandle(RemoteReleases.class, "head", ArenaByteBuf.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through HEAD
  private @Nullable ArenaByteBuf head;

  void pushRemoteRelease(ArenaByteBuf handle) {
    ArenaByteBuf seen;
    do {
      seen = (ArenaByteBuf) HEAD.getAcquire(this);
      handle.link = seen;
    } while (!HEAD.compareAndSet(this, seen, handle));
  }

  boolean isEmptyOpaque() {
    return HEAD.getOpaque(this) == null;
  }

  /** Takes all, the last pushed first; follow {@code link}. */
  @Nullable ArenaByteBuf takeAllAtomic() {
    return (ArenaByteBuf) HEAD.getAndSet(this, (ArenaByteBuf) null);
  }
}
