package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import org.jspecify.annotations.Nullable;

/**
 * The recorded history of one buffer: its request, and where it was allocated, touched and
 * released. Kept when recording, and with {@code checks=full}. Thread-safe.
 */
public final class BufferHistory {
  private static final StackWalker CALLERS =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final Object user;
  private final int request;
  private final @Nullable CallSite allocated;
  private volatile @Nullable CallSite touched;
  private volatile @Nullable CallSite released;
  private volatile int length;

  /**
   * @param user the buffer's user, by its {@code toString()}
   * @param allocated null if that is not recorded; then no touch is either
   */
  BufferHistory(Object user, int request, @Nullable CallSite allocated) {
    this.user = user;
    this.request = request;
    this.allocated = allocated;
  }

  /** Begins the history of a buffer that was allocated here and now. */
  public static void record(ArenaByteBuf buffer) {
    Object user = buffer.block.arena().host().user();
    buffer.history(new BufferHistory(user, buffer.request, CallSite.here()));
  }

  /** Forgets what was recorded of the slot's previous buffer: of this one nothing is. */
  public static void recordNothing(ArenaByteBuf buffer) {
    BufferHistory ofAnother = buffer.history();
    if (ofAnother != null && ofAnother.allocated != null) {
      buffer.history(null);
    }
  }

  /** Where the buffer was allocated; null if that was not recorded. */
  public @Nullable CallSite allocated() {
    return allocated;
  }

  /** Where {@code touch} was last called; null if it was not, or that was not recorded. */
  public @Nullable CallSite touched() {
    return touched;
  }

  void touch() {
    if (allocated != null) {
      touched = CallSite.here();
    }
  }

  void touch(Object hint) {
    if (allocated != null) {
      touched = CallSite.here(hint);
    }
  }

  /** With {@code checks=full}: the last reference was released here and now. */
  void released(int length) {
    this.length = length;
    released = CallSite.here();
  }

  // Late calls

  /** Netty's exception, with this history. */
  IllegalReferenceCountException refusal(int count, int change) {
    return new IllegalReferenceCountException(
        "refCnt: %d, %s: %d: %s"
            .formatted(count, change > 0 ? "increment" : "decrement", Math.abs(change), this));
  }

  /**
   * Called when the reference count is read and is 0. If Netty reads it to refuse access to the
   * buffer's bytes, this refuses in its place, with this history.
   */
  void refuseAccess() {
    if (released != null && isAskedByAccessCheck()) {
      throw new IllegalReferenceCountException("refCnt: 0: " + this);
    }
  }

  /** Of {@link ByteBuf} itself only that check reads the count. By class, not by name. */
  private static boolean isAskedByAccessCheck() {
    return CALLERS.walk(
        frames ->
            frames
                .map(StackWalker.StackFrame::getDeclaringClass)
                .dropWhile(BufferHistory::isOurs)
                .findFirst()
                .filter(ByteBuf.class::equals)
                .isPresent());
  }

  private static boolean isOurs(Class<?> declaring) {
    return declaring == BufferHistory.class || CountedByteBuf.class.isAssignableFrom(declaring);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("a buffer");
    CallSite end = released;
    if (end != null) {
      text.append(" of ").append(length).append(" bytes");
    }
    text.append(" from request ").append(request).append(" of ").append(user);
    append(text, "released at ", end);
    append(text, "last touched at ", touched);
    append(text, "allocated at ", allocated);
    return text.toString();
  }

  private static void append(StringBuilder text, String what, @Nullable CallSite site) {
    if (site != null) {
      text.append("%n    ".formatted()).append(what).append(site);
    }
  }
}
