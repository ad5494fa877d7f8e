package dev.tidepool.echo.load;

import com.sun.management.OperatingSystemMXBean;
import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.echo.load.LoadResult.ClientSide;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/** The CPU time of the load client since a time: of its process and of its event loops. */
final class ClientCpu {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final List<Long> threads = new ArrayList<>();
  private long[] loopsBefore = {};
  private long processBefore;

  ClientCpu(Iterable<EventExecutor> loops) {
    for (EventExecutor loop : loops) {
      if (loop instanceof SingleThreadEventExecutor single) {
        threads.add(single.threadProperties().id());
      }
    }
  }

  /** What follows is measured from now on. */
  void begin() {
    loopsBefore = loopTimes();
    processBefore = PROCESS.getProcessCpuTime();
  }

  ClientSide end(long latestSendNanos) {
    long[] times = loopTimes();
    long busiest = 0;
    for (int loop = 0; loop < loopsBefore.length; loop++) {
      busiest = Math.max(busiest, times[loop] - loopsBefore[loop]);
    }
    long process = PROCESS.getProcessCpuTime() - processBefore;
    return new ClientSide(
        process,
        process / PROCESS.getAvailableProcessors(),
        threads.size(),
        busiest,
        latestSendNanos,
        ArenaByteBufAllocator.DEFAULT.metric().residentMemory());
  }

  private long[] loopTimes() {
    return threads.stream().mapToLong(THREADS::getThreadCpuTime).toArray();
  }
}
