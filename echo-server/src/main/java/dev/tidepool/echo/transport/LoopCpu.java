package dev.tidepool.echo.transport;

import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The CPU time of the threads of event loops. Any thread. */
public final class LoopCpu {
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final long[] ids;

  /** Starts those threads of {@code loops} that do not run yet; not to be called by one of them. */
  public LoopCpu(EventExecutorGroup loops) {
    List<Long> found = new ArrayList<>();
    loops.forEach(loop -> found.add(((SingleThreadEventExecutor) loop).threadProperties().id()));
    this.ids = found.stream().mapToLong(Long::longValue).toArray();
  }

  /** The number of event loops. */
  public int loops() {
    return ids.length;
  }

  /** Nanoseconds of each thread so far; 0 of one that has ended, or where it is not known. */
  public long[] nanos() {
    return Arrays.stream(ids).map(id -> Math.max(0, nanos(id))).toArray();
  }

  private long nanos(long id) {
    return threads.isThreadCpuTimeSupported() ? threads.getThreadCpuTime(id) : 0;
  }

  /** Nanoseconds of all of them together. */
  public long totalNanos() {
    return Arrays.stream(nanos()).sum();
  }
}
