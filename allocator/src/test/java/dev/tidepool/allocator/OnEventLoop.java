package dev.tidepool.allocator;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * The extension that runs test, {@code @BeforeEach} and {@code @AfterEach} methods on the thread of
 * an event loop, which owns what they allocate: the allocator's fast path. Otherwise a test runs on
 * JUnit's thread, which the allocator serves under a lock.
 *
 * <p>One event loop for the class, which ends with it. Register it in a static field, or in an
 * instance field of a class with lifecycle {@code PER_CLASS}:
 *
 * <pre>{@code
 * @RegisterExtension static final OnEventLoop loop = new OnEventLoop();
 * }</pre>
 */
public final class OnEventLoop implements InvocationInterceptor, AfterAllCallback {
  private final EventLoopGroup group = EventLoops.nio(1);
  private final EventLoop loop = group.next();

  /** The event loop that the tests run on. */
  public EventLoop loop() {
    return loop;
  }

  /** Runs {@code body} on the event loop, waits for it, and rethrows what it throws. */
  public <T> T call(Invocation<T> body) throws Throwable {
    if (loop.inEventLoop()) {
      return body.proceed();
    }
    FutureTask<T> task = new FutureTask<>(() -> proceed(body));
    loop.execute(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause();
    } catch (InterruptedException e) { // a @Timeout interrupts JUnit's thread; pass it on
      task.cancel(true);
      throw e;
    }
  }

  private static <T> T proceed(Invocation<T> body) throws Exception {
    try {
      return body.proceed();
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("neither Exception nor Error", e);
    }
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    call(invocation);
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    call(invocation);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    call(invocation);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    call(invocation);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  /** Ends the event loop; JUnit calls this for a registered extension. */
  public void close() {
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
