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
}
