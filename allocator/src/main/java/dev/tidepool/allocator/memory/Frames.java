package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes stack traces readable: the user's line first. */
public final class Frames {
  private static final String ALLOCATORS = "dev.tidepool.allocator.";

  /**
   * These end in a dot, or name classes: those above this package, which it must not know, as text
   * that a test compares with them.
   */
  static final List<String> ALLOCATOR =
      List.of(
          packageOf(Arena.class),
          ALLOCATORS + "ArenaByteBufAllocator",
          ALLOCATORS + "ConnectionAllocator",
          ALLOCATORS + "ConnectionArena",
          ALLOCATORS + "ConnectionMemory",
          ALLOCATORS + "RecordedBuffers",
          ALLOCATORS + "RequestScope",
          ALLOCATORS + "channel.TrimmingRecvByteBufAllocator",
          packageOf(ByteBuf.class),
          ReferenceCountUtil.class.getName());

  static final List<String> NOT_THE_USERS =
      List.of(
          ALLOCATORS + "channel.ArenaLifecycleHandler",
          ALLOCATORS + "channel.MessageBoundary",
          "io.netty.",
          "java.",
          "jdk.",
          "sun.");

  private Frames() {}

  private static String packageOf(Class<?> type) {
    return type.getPackageName() + '.';
  }

  /** Without the innermost calls, as long as they are the allocator's; all, if all of them are. */
  static List<StackTraceElement> outsideAllocator(StackTraceElement[] frames) {
    int first = 0;
    while (first < frames.length && isIn(ALLOCATOR, frames[first])) {
      first++;
    }
    return List.of(
        first == frames.length ? frames : Arrays.copyOfRange(frames, first, frames.length));
  }

  /**
   * The line to look at: the innermost that is neither Netty's nor the JDK's nor Tidepool's, else
   * the innermost; null if there is none.
   */
  public static @Nullable StackTraceElement line(List<StackTraceElement> frames) {
    for (StackTraceElement frame : frames) {
      if (!isIn(ALLOCATOR, frame) && !isIn(NOT_THE_USERS, frame)) {
        return frame;
      }
    }
    return frames.isEmpty() ? null : frames.get(0);
  }

  private static boolean isIn(List<String> names, StackTraceElement frame) {
    String name = frame.getClassName();
    return names.stream()
        .anyMatch(
            start ->
                start.endsWith(".")
                    ? name.startsWith(start)
                    : name.equals(start) || name.startsWith(start + '$'));
  }

  /** The line to look at, by whom and with what hint, and all the calls under it. */
  public static String text(List<StackTraceElement> frames, String thread, @Nullable String hint) {
    StringBuilder text = new StringBuilder();
    text.append(line(frames)).append(", thread ").append(thread);
    if (hint != null) {
      text.append(", hint: ").append(hint);
    }
    frames.forEach(frame -> text.append("%n      at %s".formatted(frame)));
    return text.toString();
  }
}
