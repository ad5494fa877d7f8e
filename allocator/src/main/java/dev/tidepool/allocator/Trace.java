package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.CallSite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in the program something happened to a buffer.
 *
 * @param frames the calls, innermost first, without those within the allocators
 * @param thread the thread's name
 * @param hint what {@code touch(hint)} was told, as text, if it was told anything
 */
public record Trace(List<StackTraceElement> frames, String thread, @Nullable String hint) {
  static @Nullable Trace of(@Nullable CallSite moment) {
    return moment == null ? null : new Trace(moment.frames(), moment.thread(), moment.hint());
  }

  /**
   * The line to look at: the innermost call that is neither Netty's nor the JDK's nor Tidepool's;
   * if there is none, the innermost. Null only if the JVM gives no stack traces.
   */
  public @Nullable StackTraceElement line() {
    return CallSite.line(frames);
  }

  /** {@link #line()}, thread and hint, and below them all frames, each on a line of its own. */
  @Override
  public String toString() {
    return CallSite.text(frames, thread, hint);
  }
}
