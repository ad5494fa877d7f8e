package dev.tidepool.benchmarks.server;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * The CPU time that this process took so far, in nanoseconds.
 *
 * @param process of all threads, those of the JVM included
 * @param loops of the threads whose names begin as those of the server's event loops
 */
record ServerCpu(long process, long loops) {
  private static final String LOOPS = "echo-server";

  static ServerCpu now() {
    return new ServerCpu(
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime(),
        ofLoops());
  }

  private static long ofLoops() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith(LOOPS)) {
        nanos += threads.getThreadCpuTime(thread.getId());
      }
    }
    return nanos;
  }

  /** For each of so many requests since {@code before}. */
  Cost since(ServerCpu before, long requests) {
    return new Cost(
        (double) (process - before.process) / requests, (double) (loops - before.loops) / requests);
  }

  /** Nanoseconds of CPU for a request. */
  record Cost(double process, double loops) {}
}
