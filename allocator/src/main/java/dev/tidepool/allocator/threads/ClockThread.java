package dev.tidepool.allocator.threads;

import dev.tidepool.allocator.os.DaemonThread;
import java.util.concurrent.ScheduledExecutorService;

/** The process's one thread for what has no event loop to run on. */
public final class ClockThread {
  public static final ScheduledExecutorService EXECUTOR = DaemonThread.executor("tidepool-clock");

  private ClockThread() {}
}
