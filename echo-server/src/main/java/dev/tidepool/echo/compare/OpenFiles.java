package dev.tidepool.echo.compare;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tidepool.echo.figures.Figures;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** The limit on the files that a process may have open, which child processes inherit. */
final class OpenFiles {
  private OpenFiles() {}

  /** The limit; as many as you like where it is not known. */
  static long limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  /** Why a scenario cannot be run under this limit; empty if it can. */
  static Optional<String> refusal(Scenario scenario, long limit) {
    return scenario.files() <= limit
        ? Optional.empty()
        : Optional.of(
            Figures.format(
                "%s needs %,d open files in each process, and there may be %,d: raise the limit"
                    + " (ulimit -n)",
                scenario.name(), scenario.files(), limit));
  }
}
