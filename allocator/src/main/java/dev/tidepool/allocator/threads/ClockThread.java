package dev.tidepool.allocator.threads;

import dev.tidepool.allocator.os.DaemonThread;
import java.util.concurrent.ScheduledExecutorService;

/** The process's one daemon thread for work that has no event loop. */
public final class ClockThread {
  public static final ScheduledExecutorService EXECUTOR = DaemonThread.executor("tidepool-clock");

  private ClockThread() {}
}
