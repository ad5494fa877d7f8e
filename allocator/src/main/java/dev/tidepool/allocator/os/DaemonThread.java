package dev.tidepool.allocator.os;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.PrivilegedAction;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A thread for work that must not run on an event loop, or has none to run on. It exists only while
 * something is scheduled, and ten seconds more.
 *
 * <p>The thread that schedules first makes it, and may belong to an application that is undeployed
 * before this thread ends. So it inherits nothing that refers to a class loader: no context class
 * loader, no thread-locals, and no {@code AccessControlContext} of the callers on the stack.
 */
public final class DaemonThread {
  private DaemonThread() {}

  /** An executor of one thread with that name. */
  public static ScheduledExecutorService executor(String name) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1, task -> Privileged.run(() -> withoutInheritance(task, name)));
    executor.setKeepAliveTime(10, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static Thread withoutInheritance(Runnable task, String name) {
    Thread thread = new Thread(null, task, name, 0, false);
    thread.setContextClassLoader(null);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Before JDK 24 a new thread keeps the protection domains, and so the class loaders, of every
   * caller on the stack down to the last {@code doPrivileged}, security manager or not. A later JDK
   * will remove that method and need no call; hence it is found by name.
   */
  private static final class Privileged {
    private static final @Nullable MethodHandle DO_PRIVILEGED = find();

    private static @Nullable MethodHandle find() {
      try {
        return MethodHandles.lookup()
            .findStatic(
                Class.forName("java.security.AccessController"),
                "doPrivileged",
                MethodType.methodType(Object.class, PrivilegedAction.class));
      } catch (ReflectiveOperationException e) {
        return null;
      }
    }

    static Thread run(PrivilegedAction<Thread> action) {
      try {
        return DO_PRIVILEGED == null
            ? action.run()
            : (Thread) (Object) DO_PRIVILEGED.invokeExact((PrivilegedAction<?>) action);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("doPrivileged declares no exception", e);
      }
    }
  }
}
