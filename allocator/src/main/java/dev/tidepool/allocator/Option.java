package dev.tidepool.allocator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An option of {@link ArenaByteBufAllocator}s; each is declared once, in {@link Options}. */
final class Option<T> {
  private final String name;
  private final OptionType<T> type;
  private final T byDefault;
  private final String defaultText;
  private final String meaning;
  private final Range<T> range;

  /** The values that an option may have. */
  interface Range<T> {
    /**
     * What was expected instead of {@code value}; null if it is allowed.
     *
     * @param others all options, some of them not checked yet
     */
    @Nullable String expectedInsteadOf(T value, Options others);
  }

  /**
   * @param name of the builder's method, and of the system property after {@code dev.tidepool.}
   * @param type how its values are written
   * @param byDefault its default value
   * @param defaultText the default, for people
   * @param meaning in a few words, for people
   * @param range which values are allowed
   */
  Option(
      String name,
      OptionType<T> type,
      T byDefault,
      String defaultText,
      String meaning,
      Range<T> range) {
    this.name = name;
    this.type = type;
    this.byDefault = byDefault;
    this.defaultText = defaultText;
    this.meaning = meaning;
    this.range = range;
  }

  String name() {
    return name;
  }

  String defaultText() {
    return defaultText;
  }

  String meaning() {
    return meaning;
  }

  /**
   * This option's value in {@code given}, or its default.
   *
   * @throws IllegalArgumentException if it is null
   */
  Object valueIn(Map<Option<?>, @Nullable Object> given) {
    Object value = given.containsKey(this) ? given.get(this) : byDefault;
    if (value == null) {
      throw bad(name, null, type.missing());
    }
    return value;
  }

  /**
   * Checks this option's value in {@code options}.
   *
   * @throws IllegalArgumentException if it is out of range; the message says the option, its value
   *     and what was expected
   */
  void check(Options options) {
    T value = options.get(this);
    String expected = range.expectedInsteadOf(value, options);
    if (expected != null) {
      throw bad(name, value, expected);
    }
  }

  /**
   * Parses a value as it is written in a system property.
   *
   * @param property its whole name, for the error
   * @throws IllegalArgumentException if {@code text} is not a value of this option
   */
  T parse(String property, String text) {
    return type.parse(property, text);
  }

  static IllegalArgumentException bad(String name, @Nullable Object value, String expected) {
    return new IllegalArgumentException("%s: %s (expected: %s)".formatted(name, value, expected));
  }

  @Override
  public String toString() {
    return name;
  }
}
