package dev.tidepool.allocator.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The resident set size (RSS) of this process: its pages in physical memory. */
public final class ResidentSet {
  /** The answer where the system does not say. */
  public static final long UNKNOWN = -1;

  /** See proc(5). In KiB, whatever a page's size. */
  private static final Path STATUS = Path.of("/proc/self/status");

  private static final Pattern VM_RSS = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

  private ResidentSet() {}

  /**
   * The bytes, or {@link #UNKNOWN} where the system is not Linux. Opens a file: some microseconds.
   */
  public static long bytes() {
    try {
      return bytesIn(Files.readString(STATUS));
    } catch (IOException | SecurityException e) {
      return UNKNOWN;
    }
  }

  static long bytesIn(String status) {
    Matcher matcher = VM_RSS.matcher(status);
    return matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 : UNKNOWN;
  }
}
