package dev.tidepool.allocator.memory;

import io.netty.util.ResourceLeakHint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where in the program a buffer was at one moment of its life, and on which thread. Immutable. */
public final class Moment {
  private final String thread = Thread.currentThread().getName();
  private final @Nullable String hint;
  private final Throwable where = new Throwable(); // its frames are made only if somebody asks

  private Moment(@Nullable String hint) {
    this.hint = hint;
  }

  /** Here and now. */
  public static Moment now() {
    return new Moment(null);
  }

  /** The same, with what {@code touch(hint)} was told; kept as text, so that it keeps nothing. */
  static Moment now(Object hint) {
    return new Moment(
        hint instanceof ResourceLeakHint told ? told.toHintString() : String.valueOf(hint));
  }

  /** The thread's name. */
  public String thread() {
    return thread;
  }

  /** What {@code touch(hint)} was told, if it was told anything. */
  public @Nullable String hint() {
    return hint;
  }

  /** The calls, innermost first, without those within the allocator. */
  public List<StackTraceElement> frames() {
    return Frames.outsideAllocator(where.getStackTrace());
  }

  @Override
  public String toString() {
    return Frames.text(frames(), thread, hint);
  }
}
