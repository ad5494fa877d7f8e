package dev.tidepool.allocator.threads;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The running Netty's answers about the calling thread. Since 4.2.2 a thread of any class may have
 * Netty's fast thread-locals, and Netty has methods to ask; before, only a {@link
 * FastThreadLocalThread} has them.
 */
final class NettyThreads {
  /**
   * {@code willCleanupFastThreadLocals(Thread)}; null if the running Netty has the newer methods.
   */
  private static final @Nullable MethodHandle OLDER_CLEANUP = findOlderCleanup();

  private static final boolean ASKS_NETTY = OLDER_CLEANUP == null;

  private NettyThreads() {}

  private static @Nullable MethodHandle findOlderCleanup() {
    try {
      find("currentThreadHasFastThreadLocal");
      find("currentThreadWillCleanupFastThreadLocals");
      return null;
    } catch (NoSuchMethodException e) {
      return findInOlderNetty();
    }
  }

  private static MethodHandle findInOlderNetty() {
    try {
      return find("willCleanupFastThreadLocals", Thread.class);
    } catch (NoSuchMethodException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static MethodHandle find(String method, Class<?>... parameters)
      throws NoSuchMethodException {
    try {
      return MethodHandles.publicLookup()
          .findStatic(
              FastThreadLocalThread.class,
              method,
              MethodType.methodType(boolean.class, parameters));
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Whether the calling thread has fast thread-locals. */
  static boolean hasFastThreadLocals() {
    return ASKS_NETTY
        ? FastThreadLocalThread.currentThreadHasFastThreadLocal()
        : Thread.currentThread() instanceof FastThreadLocalThread;
  }

  /** Whether the calling thread removes its fast thread-locals before it ends. */
  static boolean removesFastThreadLocals() {
    MethodHandle older = OLDER_CLEANUP;
    return older == null
        ? FastThreadLocalThread.currentThreadWillCleanupFastThreadLocals()
        : invoke(older);
  }

  private static boolean invoke(MethodHandle ofThread) {
    try {
      return (boolean) ofThread.invokeExact(Thread.currentThread());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("willCleanupFastThreadLocals declares no exception", e);
    }
  }
}
