package dev.tidepool.echo.figures;

/**
 * Formats figures in at most five characters: counts in thousands (999, 1.2k, 45k), bytes in binary
 * units of one letter (512, 16K, 1.5M).
 */
public final class ShortFigures {
  private static final String UNKNOWN = "-";
  private static final String[] THOUSANDS = {"", "k", "M", "G", "T", "P", "E"};
  private static final String[] BINARY = {"", "K", "M", "G", "T", "P", "E"};

  private ShortFigures() {}

  /** A count. */
  public static String count(long count) {
    return count((double) count);
  }

  /** A count, or a rate, which below 10 has a decimal. */
  public static String count(double count) {
    return text(count, 1000, THOUSANDS);
  }

  /** Bytes; {@code -} for an amount below 0, which is not known. */
  public static String bytes(long bytes) {
    return bytes < 0 ? UNKNOWN : text((double) bytes, 1024, BINARY);
  }

  /** A time in its two coarsest units at most: 0s, 59s, 5m, 3h, 12d. */
  public static String age(long millis) {
    long seconds = millis / 1000;
    if (seconds < 100) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 100) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    return hours < 100 ? hours + "h" : hours / 24 + "d";
  }

  private static String text(double amount, int base, String[] units) {
    double value = amount;
    int unit = 0;
    while (value >= base - 0.5) {
      value /= base;
      unit++;
    }
    boolean decimal = value < 9.95 && (unit > 0 || value != Math.rint(value));
    return Figures.format(decimal ? "%.1f%s" : "%.0f%s", value, units[unit]);
  }
}
