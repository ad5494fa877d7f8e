package dev.tidepool.benchmarks.server;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * The CPU time that this process took so far, in nanoseconds.
 *
 * @param process of all threads, those of the JVM included
 * @param loops of the threads whose names begin as those of the server's event loops
 * @param nanos when that was
 */
record ServerCpu(long process, long loops, long nanos) {
  private static final double SECOND_NANOS = 1e9;
  private static final String LOOPS = "echo-server";

  static ServerCpu now() {
    return new ServerCpu(
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime(),
        ofLoops(),
        System.nanoTime());
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
        (double) (process - before.process) / requests,
        (double) (loops - before.loops) / requests,
        requests * SECOND_NANOS / (nanos - before.nanos));
  }

  /** Nanoseconds of CPU for a request, and how many there were a second. */
  record Cost(double process, double loops, double perSecond) {
    private static final double MILLI_NANOS = 1e6;

    /** The process's CPU beyond that of {@code other}, in milliseconds a second. */
    double beyond(Cost other) {
      return (process - other.process) * perSecond / MILLI_NANOS;
    }
  }
}
