package dev.tidepool.allocator;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The options of {@link ArenaByteBufAllocator#DEFAULT}, from {@code dev.tidepool.*}. */
final class SystemProperties {
  static final String PREFIX = "dev.tidepool.";
  private static final Pattern SIZE = Pattern.compile("(\\d+)([kmg]?)");
  private static final Pattern TIME = Pattern.compile("(\\d+)(ms|s|m)?");

  private final UnaryOperator<@Nullable String> properties;

  SystemProperties(UnaryOperator<@Nullable String> properties) {
    this.properties = properties;
  }

  /**
   * Applies every property that is set.
   *
   * @throws IllegalArgumentException if one cannot be read; names it, its value and what was
   *     expected
   */
  ArenaByteBufAllocator.Builder applyTo(ArenaByteBufAllocator.Builder builder) {
    apply("upstream", SystemProperties::upstream, builder::upstream);
    apply("preferDirect", SystemProperties::flag, builder::preferDirect);
    apply("minBlockSize", SystemProperties::smallSize, builder::minBlockSize);
    apply("maxBlockSize", SystemProperties::smallSize, builder::maxBlockSize);
    apply("alignment", SystemProperties::smallSize, builder::alignment);
    apply("maxRetainedPerLoop", SystemProperties::size, builder::maxRetainedPerLoop);
    apply("trimInterval", SystemProperties::time, builder::trimInterval);
    apply("nativeTrimThreshold", SystemProperties::size, builder::nativeTrimThreshold);
    apply("nativeTrimInterval", SystemProperties::time, builder::nativeTrimInterval);
    apply("softBudget", SystemProperties::size, builder::softBudget);
    apply("hardBudget", SystemProperties::size, builder::hardBudget);
    apply("globalBudget", SystemProperties::size, builder::globalBudget);
    apply("budgetPolicy", SystemProperties::budgetPolicy, builder::budgetPolicy);
    apply("closeHeaviest", SystemProperties::flag, builder::closeHeaviest);
    apply("scrub", SystemProperties::flag, builder::scrub);
    apply("leakGrace", SystemProperties::time, builder::leakGrace);
    apply("checks", SystemProperties::checks, builder::checks);
    apply("recording", SystemProperties::recording, builder::recording);
    return builder;
  }

  private <T> void apply(String name, Parser<T> parse, Consumer<T> set) {
    String value = properties.apply(PREFIX + name);
    if (value != null) {
      set.accept(parse.apply(PREFIX + name, value.trim().toLowerCase(Locale.ROOT)));
    }
  }

  private interface Parser<T> {
    T apply(String name, String value);
  }

  private static ByteBufAllocator upstream(String name, String value) {
    return switch (value) {
      case "unpooled" -> UnpooledByteBufAllocator.DEFAULT;
      case "pooled" -> PooledByteBufAllocator.DEFAULT;
      case "adaptive" -> new AdaptiveByteBufAllocator();
      default -> throw bad(name, value, "unpooled, pooled or adaptive");
    };
  }

  private static boolean flag(String name, String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad(name, value, "true or false");
    };
  }

  private static int smallSize(String name, String value) {
    long bytes = size(name, value);
    if (bytes > Integer.MAX_VALUE) {
      throw bad(name, value, "at most 2g - 1");
    }
    return (int) bytes;
  }

  private static long size(String name, String value) {
    Matcher matcher = SIZE.matcher(value);
    if (!matcher.matches()) {
      throw bad(name, value, "bytes, such as 8192, 8k or 4m");
    }
    int shift = "kmg".indexOf(matcher.group(2)) * 10 + 10;
    try {
      return Math.multiplyExact(
          Long.parseLong(matcher.group(1)), matcher.group(2).isEmpty() ? 1L : 1L << shift);
    } catch (ArithmeticException | NumberFormatException e) {
      throw bad(name, value, "at most " + Long.MAX_VALUE);
    }
  }

  private static Duration time(String name, String value) {
    Matcher matcher = TIME.matcher(value);
    if (!matcher.matches() || matcher.group(1).length() > 15) {
      throw bad(name, value, "milliseconds, or a time such as 500ms, 5s or 1m");
    }
    long amount = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2);
    if ("s".equals(unit)) {
      return Duration.ofSeconds(amount);
    }
    return "m".equals(unit) ? Duration.ofMinutes(amount) : Duration.ofMillis(amount);
  }

  private static BudgetPolicy budgetPolicy(String name, String value) {
    return switch (value) {
      case "fail" -> BudgetPolicy.FAIL;
      case "pause" -> BudgetPolicy.PAUSE;
      case "overflow" -> BudgetPolicy.OVERFLOW;
      default -> throw bad(name, value, "fail, pause or overflow");
    };
  }

  private static Checks checks(String name, String value) {
    return switch (value) {
      case "off" -> Checks.OFF;
      case "light" -> Checks.LIGHT;
      case "full" -> Checks.FULL;
      default -> throw bad(name, value, "off, light or full");
    };
  }

  private static Recording recording(String name, String value) {
    return switch (value) {
      case "off" -> Recording.OFF;
      case "sampled" -> Recording.SAMPLED;
      case "all" -> Recording.ALL;
      default -> throw bad(name, value, "off, sampled or all");
    };
  }

  private static IllegalArgumentException bad(String name, String value, String expected) {
    return new IllegalArgumentException("%s: %s (expected: %s)".formatted(name, value, expected));
  }
}
