package dev.tidepool.echo.server;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What the virtual machine and the operating system say of this process. Any thread. */
public final class ProcessFigures {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  private ProcessFigures() {}

  /** CPU time of all threads so far, in nanoseconds; 0 where it is not known. */
  public static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? Math.max(0, system.getProcessCpuTime())
        : 0;
  }

  /**
   * CPU time so far of the Java threads that are alive, the calling one left out, and of
   * collections, in nanoseconds. A collection counts by the clock, which is its CPU time where one
   * thread collects, as on one core.
   */
  public static long javaCpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long asking = Thread.currentThread().getId();
    long nanos =
        LongStream.of(threads.getAllThreadIds())
            .filter(id -> id != asking)
            .map(threads::getThreadCpuTime)
            .filter(time -> time > 0) // -1 of a thread that has ended since
            .sum();
    return nanos + gcNanos();
  }

  /** The most resident memory so far, in bytes; -1 where it is not known. */
  public static long peakResidentBytes() {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .map(PEAK::matcher)
          .filter(Matcher::matches)
          .mapToLong(line -> Long.parseLong(line.group(1)) << 10)
          .findFirst()
          .orElse(-1);
    } catch (IOException | UncheckedIOException e) {
      return -1;
    }
  }

  /** Garbage collections so far. */
  public static long gcCount() {
    return sum(GarbageCollectorMXBean::getCollectionCount);
  }

  /** Time in garbage collections so far, in nanoseconds. */
  public static long gcNanos() {
    return TimeUnit.MILLISECONDS.toNanos(sum(GarbageCollectorMXBean::getCollectionTime));
  }

  /** A collector that does not know says -1. */
  private static long sum(ToLongFunction<GarbageCollectorMXBean> figure) {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(figure)
        .map(value -> Math.max(0, value))
        .sum();
  }
}
