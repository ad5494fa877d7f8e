package dev.tidepool.allocator.concurrent;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;

/** Virtual threads, where the JDK has them. */
public final class VirtualThreads {
  private static final Optional<Method> START =
      Arrays.stream(Thread.class.getMethods())
          .filter(method -> method.getName().equals("startVirtualThread"))
          .findAny();

  private VirtualThreads() {}

  public static boolean exist() {
    return START.isPresent();
  }

  public static Optional<Thread> start(Runnable task) {
    return START.map(method -> invoke(method, task));
  }

  private static Thread invoke(Method startVirtual, Runnable task) {
    try {
      return (Thread) startVirtual.invoke(null, task);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
