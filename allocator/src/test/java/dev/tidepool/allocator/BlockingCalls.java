package dev.tidepool.allocator;

import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import reactor.blockhound.BlockHound;

/**
 * The blocking calls that BlockHound found on threads that must not block, which with Netty's own
 * integration are the threads of event loops. They are recorded, and go on.
 */
final class BlockingCalls {
  private static final Queue<Call> FOUND = new ConcurrentLinkedQueue<>();

  static {
    BlockHound.builder()
        .loadIntegrations()
        .blockingMethodCallback(method -> FOUND.add(new Call(method.toString(), new Throwable())))
        .install();
  }

  private BlockingCalls() {}

  /** A blocking call, with the stack that made it. */
  record Call(String method, Throwable stack) {
    /** Whether one of {@code places}, each a class's name and a method's, is on the stack. */
    boolean isIn(Set<String> places) {
      return Arrays.stream(stack.getStackTrace())
          .anyMatch(frame -> places.contains(frame.getClassName() + "." + frame.getMethodName()));
    }

    @Override
    public String toString() {
      return Arrays.stream(stack.getStackTrace())
          .map(StackTraceElement::toString)
          .collect(Collectors.joining("\n  at ", method + "\n  at ", "\n"));
    }
  }

  /** Forgets what was found, and installs BlockHound at the first call. */
  static void forget() {
    FOUND.clear();
  }

  static List<Call> found() {
    return List.copyOf(FOUND);
  }
}
