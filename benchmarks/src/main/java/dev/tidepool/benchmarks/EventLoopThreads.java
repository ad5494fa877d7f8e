package dev.tidepool.benchmarks;

import io.netty.util.concurrent.DefaultEventExecutorGroup;

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

  public EventLoopThreads(int threads, String prefix) {
    super(threads);
  }
}
