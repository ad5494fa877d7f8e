package dev.tidepool.benchmarks.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;

/** What the system and the virtual machine say about this process. */
final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";
  private static final String TRIM = "systemTrimNativeHeap";
  private static final int BYTES_A_KIB = 1024;

  private ProcessMemory() {}

  /** Bytes resident now. */
  static long resident() {
    try {
      return field(Files.readAllLines(STATUS), "VmRSS");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes that a line such as {@code VmRSS: 1234 kB} states. */
  static long field(List<String> status, String field) {
    return status.stream()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * BYTES_A_KIB)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("status: " + status + " (expected: " + field + ")"));
  }

  /** Has the C library give back what it keeps of freed memory; Linux only. */
  static void trimNativeHeap() {
    try {
      var unused =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(new ObjectName(COMMANDS), TRIM, new Object[0], new String[0]);
    } catch (JMException e) {
      throw new IllegalStateException(TRIM + ": failed (expected: a command of the JDK's)", e);
    }
  }

  /** Bytes of living objects on the Java heap, after a collection. */
  @SuppressWarnings("SystemGc") // the question is what a collection leaves
  static long livingHeap() {
    for (int i = 0; i < 2; i++) { // the second takes what the first found finalizable
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
