package dev.tidepool.echo.load;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tidepool.echo.figures.Figures;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** The system's limit of the files that this process may have open, of which a socket is one. */
public final class FileLimit {
  /** What the virtual machine itself opens while it runs, such as classes' jars. */
  private static final long MARGIN = 16;

  private FileLimit() {}

  /**
   * Refuses what would need more files than may be opened.
   *
   * @param files that are opened beside those that are open now
   * @param what opens them, in the plural
   * @throws IOException that says how many there are, may be and would be
   */
  public static void require(long files, String what) throws IOException {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      require(files, what, system.getOpenFileDescriptorCount(), most());
    }
  }

  /**
   * How many files this process may have open, and each that it starts; {@link Long#MAX_VALUE}
   * where it is not known.
   */
  public static long most() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  static void require(long files, String what, long open, long limit) throws IOException {
    if (open + files + MARGIN > limit) {
      throw new IOException(
          Figures.format(
              "%d %s need %d open files, %d of them open already, expected %d at most; 'ulimit -n'"
                  + " sets this limit",
              files, what, open + files + MARGIN, open, limit));
    }
  }
}
