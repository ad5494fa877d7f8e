package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.CallSite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place in the program where a buffer was allocated or touched, or a hold was taken.
 *
 * @param frames the stack frames, innermost first, without those within the allocators
 * @param thread the thread's name
 * @param hint the hint that {@code touch(hint)} was given, as text; null if there was none
 */
public record Trace(List<StackTraceElement> frames, String thread, @Nullable String hint) {
  static @Nullable Trace of(@Nullable CallSite site) {
    return site == null ? null : new Trace(site.frames(), site.thread(), site.hint());
  }

  /**
   * {@return the line to look at: the innermost frame outside of Netty, the JDK and Tidepool; if
   * there is none, the innermost} Null only if the JVM gives no stack traces.
   */
  public @Nullable StackTraceElement line() {
    return CallSite.line(frames);
  }

  /** {@link #line()}, thread and hint, then each frame on a line of its own. */
  @Override
  public String toString() {
    return CallSite.text(frames, thread, hint);
  }
}
