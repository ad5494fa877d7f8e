package dev.tidepool.benchmarks;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;

/**
 * The threads that JMH runs benchmarks on: real event-loop threads, each registered with its
 * executor. On any other thread Netty's allocators leave out their caches, and the comparison would
 * be a lie. A fork takes {@link #CUSTOM} and {@link #CLASS}.
 */
public final class EventLoopThreads extends DefaultEventExecutorGroup {
  /** What a fork's JVM needs to be told. */
  public static final String CUSTOM = "-Djmh.executor=CUSTOM";

  /** As {@link #CUSTOM}. */
  public static final String CLASS =
      "-Djmh.executor.class=dev.tidepool.benchmarks.EventLoopThreads";

  private static volatile Iterable<EventExecutor> made = List.of();

  public EventLoopThreads(int threads, String prefix) {
    super(threads);
    made = this;
  }

  /** The event loop of the calling thread. */
  public static EventExecutor current() {
    for (EventExecutor each : made) {
      if (each.inEventLoop()) {
        return each;
      }
    }
    throw new IllegalStateException(
        "thread: %s (expected: one that JMH runs benchmarks on, with %s)"
            .formatted(Thread.currentThread(), CUSTOM));
  }
}
