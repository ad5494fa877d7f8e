package dev.tidepool.allocator;

import static dev.tidepool.allocator.Option.bad;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The syntax of an option's values in a system property. */
abstract class OptionType<T> {
  private static final Pattern SIZE_PATTERN = Pattern.compile("(\\d+)([kmg]?)");
  private static final Pattern TIME_PATTERN = Pattern.compile("(\\d+)(ms|s|m)?");

  /** The most digits of a time that cannot overflow in its shortest unit. */
  private static final int TIME_DIGITS = 15;

  private final String expected;

  private OptionType(String expected) {
    this.expected = expected;
  }

  /** The expected form of a value, for errors. */
  final String expected() {
    return expected;
  }

  /** What was expected instead of null, for errors. */
  String missing() {
    return expected;
  }

  /**
   * Parses a value.
   *
   * @param text in lower case, without surrounding spaces
   * @throws IllegalArgumentException if {@code text} is not such a value
   */
  abstract T parse(String property, String text);

  final IllegalArgumentException refused(String property, String text) {
    return bad(property, text, expected);
  }

  static final OptionType<Boolean> FLAG =
      new OptionType<>("true or false") {
        @Override
        Boolean parse(String property, String text) {
          return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(property, text);
          };
        }
      };

  static final OptionType<Long> SIZE =
      new OptionType<>("bytes, such as 8192, 8k or 4m") {
        @Override
        Long parse(String property, String text) {
          Matcher matcher = SIZE_PATTERN.matcher(text);
          if (!matcher.matches()) {
            throw refused(property, text);
          }
          int shift = "kmg".indexOf(matcher.group(2)) * 10 + 10;
          try {
            return Math.multiplyExact(
                Long.parseLong(matcher.group(1)), matcher.group(2).isEmpty() ? 1L : 1L << shift);
          } catch (ArithmeticException | NumberFormatException e) {
            throw bad(property, text, "at most " + Long.MAX_VALUE);
          }
        }
      };

  static final OptionType<Integer> INT_SIZE =
      new OptionType<>(SIZE.expected()) {
        @Override
        Integer parse(String property, String text) {
          long bytes = SIZE.parse(property, text);
          if (bytes > Integer.MAX_VALUE) {
            throw bad(property, text, "at most 2g - 1");
          }
          return (int) bytes;
        }
      };

  static final OptionType<Duration> TIME =
      new OptionType<>("milliseconds, or a time such as 500ms, 5s or 1m") {
        @Override
        String missing() {
          return "a time";
        }

        @Override
        Duration parse(String property, String text) {
          Matcher matcher = TIME_PATTERN.matcher(text);
          if (!matcher.matches() || matcher.group(1).length() > TIME_DIGITS) {
            throw refused(property, text);
          }
          long amount = Long.parseLong(matcher.group(1));
          String unit = matcher.group(2);
          if ("s".equals(unit)) {
            return Duration.ofSeconds(amount);
          }
          return "m".equals(unit) ? Duration.ofMinutes(amount) : Duration.ofMillis(amount);
        }
      };

  static final OptionType<ByteBufAllocator> ALLOCATOR =
      new OptionType<>("unpooled, pooled or adaptive") {
        @Override
        String missing() {
          return "an allocator";
        }

        @Override
        ByteBufAllocator parse(String property, String text) {
          return switch (text) {
            case "unpooled" -> UnpooledByteBufAllocator.DEFAULT;
            case "pooled" -> PooledByteBufAllocator.DEFAULT;
            case "adaptive" -> new AdaptiveByteBufAllocator();
            default -> throw refused(property, text);
          };
        }
      };

  /** The constants of an enum, in lower case. */
  static <E extends Enum<E>> OptionType<E> oneOf(Class<E> type) {
    return new OptionType<>(names(type.getEnumConstants())) {
      @Override
      E parse(String property, String text) {
        return Arrays.stream(type.getEnumConstants())
            .filter(each -> lowerCase(each).equals(text))
            .findFirst()
            .orElseThrow(() -> refused(property, text));
      }
    };
  }

  private static String names(Enum<?>[] constants) {
    String allButLast =
        Arrays.stream(constants, 0, constants.length - 1)
            .map(OptionType::lowerCase)
            .collect(Collectors.joining(", "));
    return allButLast + " or " + lowerCase(constants[constants.length - 1]);
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
