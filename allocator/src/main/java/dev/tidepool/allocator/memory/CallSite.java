package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ResourceLeakHint;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place in the program, and the thread, where something happened to a buffer. Immutable.
 *
 * <p>Its stack trace omits the allocator's own frames, and {@link #line} finds the user's line.
 */
public final class CallSite {
  private static final String ALLOCATORS = "dev.tidepool.allocator.";

  /**
   * Packages, which end in a dot, and classes. This package must not depend on the classes above
   * it, so those are text; a test compares them with the classes there are.
   */
  static final List<String> ALLOCATOR =
      List.of(
          packageOf(Arena.class),
          ALLOCATORS + "ArenaAllocations",
          ALLOCATORS + "ArenaByteBufAllocator",
          ALLOCATORS + "ConnectionAllocator",
          ALLOCATORS + "ConnectionArena",
          ALLOCATORS + "ArenaRouter",
          ALLOCATORS + "CopyOut",
          ALLOCATORS + "RecordedBuffers",
          ALLOCATORS + "RequestScope",
          ALLOCATORS + "TrimmingRecvByteBufAllocator",
          packageOf(ByteBuf.class),
          ReferenceCountUtil.class.getName());

  static final List<String> NOT_THE_USERS =
      List.of(
          ALLOCATORS + "ArenaLifecycleHandler",
          ALLOCATORS + "BudgetEnforcer",
          ALLOCATORS + "MessageBoundary",
          ALLOCATORS + "ReadGate",
          "io.netty.",
          "java.",
          "jdk.",
          "sun.");

  private final String thread = Thread.currentThread().getName();
  private final @Nullable String hint;
  private final Throwable where = new Throwable(); // computes its frames only on demand

  private CallSite(@Nullable String hint) {
    this.hint = hint;
  }

  /** The caller's call site. */
  public static CallSite here() {
    return new CallSite(null);
  }

  /**
   * The caller's call site with the hint of {@code touch(hint)}, as text, so that it keeps no
   * object reachable.
   */
  static CallSite here(Object hint) {
    return new CallSite(
        hint instanceof ResourceLeakHint told ? told.toHintString() : String.valueOf(hint));
  }

  /** The thread's name. */
  public String thread() {
    return thread;
  }

  /** The hint of {@code touch(hint)}, if there was one. */
  public @Nullable String hint() {
    return hint;
  }

  /** The calls, innermost first, without those within the allocator. */
  public List<StackTraceElement> frames() {
    return outsideAllocator(where.getStackTrace());
  }

  @Override
  public String toString() {
    return text(frames(), thread, hint);
  }

  // Stack traces

  private static String packageOf(Class<?> type) {
    return type.getPackageName() + '.';
  }

  /** The frames without the innermost ones that are the allocator's; all, if all of them are. */
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
    return names.stream().anyMatch(name -> isIn(name, frame.getClassName()));
  }

  private static boolean isIn(String packageOrClass, String type) {
    return packageOrClass.endsWith(".")
        ? type.startsWith(packageOrClass)
        : type.equals(packageOrClass) || type.startsWith(packageOrClass + '$');
  }

  /** The line to look at with thread and hint, and below it all frames. */
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
