package dev.tidepool.benchmarks.report;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.util.Locale;

/** How the report says things. */
final class Words {
  private Words() {}

  static String name(AllocatorUnderTest allocator) {
    return allocator.name().toLowerCase(Locale.ROOT);
  }

  /** Beginning as sentences do. */
  static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  static String factor(double factor) {
    return factor == Math.rint(factor)
        ? String.format(Locale.ROOT, "%.0f", factor)
        : String.format(Locale.ROOT, "%s", factor);
  }

  /** A ratio with its interval. */
  static String ratio(Estimate ratio) {
    if (!ratio.isKnown()) {
      return "";
    }
    return ratio.hasInterval()
        ? "%s [%s, %s]"
            .formatted(Unit.plain(ratio.value()), Unit.plain(ratio.low()), Unit.plain(ratio.high()))
        : Unit.plain(ratio.value());
  }
}
