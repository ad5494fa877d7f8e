package dev.tidepool.echo.live;

import java.util.concurrent.ThreadFactory;

/** Makes threads that do not keep the process. */
public final class DaemonThreads {
  private DaemonThreads() {}

  /** A factory whose threads all have this name. */
  public static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
