package dev.tidepool.allocator;

import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The source of {@link ArenaByteBufAllocator#DEFAULT}'s options: the properties {@code
 * dev.tidepool.*}.
 */
final class SystemProperties {
  static final String PREFIX = "dev.tidepool.";

  private final UnaryOperator<@Nullable String> properties;

  SystemProperties(UnaryOperator<@Nullable String> properties) {
    this.properties = properties;
  }

  /**
   * Applies every property that is set.
   *
   * @throws IllegalArgumentException if one is invalid; the message says its name, its value and
   *     what was expected
   */
  ArenaByteBufAllocator.Builder applyTo(ArenaByteBufAllocator.Builder builder) {
    Options.ALL.forEach(option -> apply(option, builder));
    return builder;
  }

  private <T> void apply(Option<T> option, ArenaByteBufAllocator.Builder builder) {
    String property = PREFIX + option.name();
    String text = properties.apply(property);
    if (text != null) {
      builder.set(option, option.parse(property, text.trim().toLowerCase(Locale.ROOT)));
    }
  }
}
