package dev.tidepool.benchmarks.memory;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many sockets this process may open. The virtual machine has raised the limit already. */
final class OpenFiles {
  private static final int FOR_THE_REST = 500;

  private OpenFiles() {}

  /** As many connections as wanted or, where the system allows fewer, those. */
  static int atMost(int connections) {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? (int) Math.min(connections, unix.getMaxFileDescriptorCount() - FOR_THE_REST)
        : connections;
  }
}
