package dev.tidepool.echo.figures;

import java.time.Duration;
import java.util.Locale;

/** Formats figures: bytes in binary units, counts with separators, times in the unit that fits. */
public final class Figures {
  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Figures() {}

  public static String bytes(long bytes) {
    if (Math.abs(bytes) < 1024) {
      return bytes + (bytes == 1 ? " byte" : " bytes");
    }
    double value = bytes / 1024.0;
    int unit = 0;
    while (Math.abs(value) >= 1023.95) {
      value /= 1024.0;
      unit++;
    }
    return format("%.1f %s", value, UNITS[unit]);
  }

  public static String count(long count) {
    return format("%,d", count);
  }

  /** A count with its noun, {@code plural} unless there is exactly one. */
  public static String count(long count, String singular, String plural) {
    return count(count) + " " + (count == 1 ? singular : plural);
  }

  public static String seconds(Duration duration) {
    return format("%.1f s", duration.toNanos() / 1e9);
  }

  public static String nanos(long nanos) {
    if (nanos < 1_000_000) {
      return format("%.0f µs", nanos / 1e3);
    }
    return nanos < 1_000_000_000 ? format("%.2f ms", nanos / 1e6) : format("%.2f s", nanos / 1e9);
  }

  public static String rate(double perSecond) {
    return format("%,.0f", perSecond);
  }

  public static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
