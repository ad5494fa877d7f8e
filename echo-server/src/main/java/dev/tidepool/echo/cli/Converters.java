package dev.tidepool.echo.cli;

import dev.tidepool.echo.load.SizeMix;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.load.SizePattern;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.Protocols;
import dev.tidepool.echo.server.AllocatorChoice;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The converters of option values; each refuses a wrong value by name and says what is expected.
 */
public final class Converters {
  private Converters() {}

  /** Converts whole numbers within bounds. */
  private abstract static class WholeNumber {
    private static final Pattern FORM = Pattern.compile("-?\\d{1,18}");

    private final long smallest;
    private final long largest;

    WholeNumber(long smallest, long largest) {
      this.smallest = smallest;
      this.largest = largest;
    }

    final long number(String value) {
      if (FORM.matcher(value).matches()) {
        long number = Long.parseLong(value);
        if (smallest <= number && number <= largest) {
          return number;
        }
      }
      throw new TypeConversionException(
          "'" + value + "' was given, expected a whole number from " + smallest + " to " + largest);
    }
  }

  /** Converts whole numbers that fit an {@code int}. */
  private abstract static class WholeInt extends WholeNumber implements ITypeConverter<Integer> {
    WholeInt(int smallest, int largest) {
      super(smallest, largest);
    }

    @Override
    public Integer convert(String value) {
      return Math.toIntExact(number(value));
    }
  }

  /** Converts a number of connections or of pipelined requests: one at least. */
  public static final class Count extends WholeInt {
    public Count() {
      super(1, 1_000_000);
    }
  }

  /** Converts a total number of requests: one at least. */
  public static final class RequestCount extends WholeNumber implements ITypeConverter<Long> {
    public RequestCount() {
      super(1, 1_000_000_000_000L);
    }

    @Override
    public Long convert(String value) {
      return number(value);
    }
  }

  /** Converts a rate a second: a positive number, which may have decimals. */
  public static final class Rate implements ITypeConverter<Double> {
    private static final Pattern FORM = Pattern.compile("\\d{1,9}(\\.\\d{1,3})?");

    @Override
    public Double convert(String value) {
      double rate = FORM.matcher(value).matches() ? Double.parseDouble(value) : 0;
      if (rate == 0) {
        throw new TypeConversionException(
            "'"
                + value
                + "' is not a rate, expected a number a second above 0 and below 1000000000");
      }
      return rate;
    }
  }

  /** Converts a share in percent, above 0 and below 100: {@code 5%}, {@code 0.1%}. */
  public static final class Percent implements ITypeConverter<Double> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,2}(\\.\\d{1,4})?)%?");

    @Override
    public Double convert(String value) {
      Matcher matcher = FORM.matcher(value);
      double percent = matcher.matches() ? Double.parseDouble(matcher.group(1)) : 0;
      if (percent == 0) {
        throw new TypeConversionException(
            "'" + value + "' is not a share, expected one above 0% and below 100%");
      }
      return percent;
    }
  }

  /** Converts a number of event loops; 0 stands for Netty's default. */
  public static final class EventLoops extends WholeInt {
    public EventLoops() {
      super(0, 1_024);
    }
  }

  /** Converts a TCP port to listen on; 0 stands for any free one. */
  public static final class Port extends WholeInt {
    public Port() {
      super(0, 65_535);
    }
  }

  /** Converts a TCP port to connect to. */
  public static final class ServerPort extends WholeInt {
    public ServerPort() {
      super(1, 65_535);
    }
  }

  /** Converts a host's name or address, which is not looked up. */
  public static final class Host implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (value.isBlank()) {
        throw new TypeConversionException(
            "'" + value + "' is not a host, expected a name or an address");
      }
      return value;
    }
  }

  /**
   * Converts a duration: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h}; from 0 to 500 hours,
   * which fit Netty's timeouts, an {@code int} of milliseconds.
   */
  public static final class Time implements ITypeConverter<Duration> {
    private static final Duration LONGEST = Duration.ofHours(500);
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Map<String, Duration> UNITS =
        Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1));

    @Override
    public Duration convert(String value) {
      Matcher matcher = FORM.matcher(value);
      Duration unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
      if (unit == null) {
        throw new TypeConversionException(
            "'" + value + "' is not a duration, expected one such as 500ms, 10s or 2m");
      }
      Duration duration = unit.multipliedBy(Long.parseLong(matcher.group(1)));
      if (duration.compareTo(LONGEST) > 0) {
        throw new TypeConversionException(
            "'" + value + "' is too long a time, expected " + LONGEST.toHours() + "h at most");
      }
      return duration;
    }
  }

  /** Converts a duration that must not be 0. */
  public static final class PositiveTime implements ITypeConverter<Duration> {
    private final Time times = new Time();

    @Override
    public Duration convert(String value) {
      Duration duration = times.convert(value);
      if (duration.isZero()) {
        throw new TypeConversionException("'" + value + "' is no time, expected 1ms at least");
      }
      return duration;
    }
  }

  /**
   * Converts a size in bytes with an optional binary suffix: {@code 100}, {@code 64K}, {@code 16M}.
   */
  public static final class Size implements ITypeConverter<Integer> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,10})([KkMm]?)");

    @Override
    public Integer convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "'" + value + "' is not a size, expected bytes such as 100, 64K or 16M");
      }
      long bytes = Long.parseLong(matcher.group(1)) << shift(matcher.group(2));
      if (bytes > Integer.MAX_VALUE) {
        throw new TypeConversionException(
            "'" + value + "' is too large a size, expected " + Integer.MAX_VALUE + " at most");
      }
      return (int) bytes;
    }

    private static int shift(String suffix) {
      return switch (suffix) {
        case "K", "k" -> 10;
        case "M", "m" -> 20;
        default -> 0;
      };
    }
  }

  /** Converts a size in bytes, one at least. */
  public static final class PositiveSize implements ITypeConverter<Integer> {
    private final Size sizes = new Size();

    @Override
    public Integer convert(String value) {
      int size = sizes.convert(value);
      if (size == 0) {
        throw new TypeConversionException("'" + value + "' was given, expected 1 byte at least");
      }
      return size;
    }
  }

  /** Converts the name of a pattern of sizes; iterates over all names, for help and completion. */
  public static final class Sizing implements ITypeConverter<SizePattern>, Iterable<String> {
    @Override
    public SizePattern convert(String value) {
      return Arrays.stream(SizePattern.values())
          .filter(pattern -> pattern.toString().equalsIgnoreCase(value))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected one of "
                          + names()
                          + " (case-insensitive) but was '"
                          + value
                          + "'"));
    }

    @Override
    public Iterator<String> iterator() {
      return names().iterator();
    }

    private static List<String> names() {
      return Arrays.stream(SizePattern.values()).map(SizePattern::toString).toList();
    }
  }

  /** Converts a mix of sizes and ranges: {@code 256}, {@code 64..64K}, {@code 100,1K..4K,1M}. */
  public static final class Sizes implements ITypeConverter<SizeMix> {
    private final Size sizes = new Size();

    @Override
    public SizeMix convert(String value) {
      List<SizeRange> ranges = Arrays.stream(value.split(",", -1)).map(this::range).toList();
      return new SizeMix(value, ranges);
    }

    private SizeRange range(String text) {
      int dots = text.indexOf("..");
      if (dots < 0) {
        int size = sizes.convert(text);
        return new SizeRange(size, size);
      }
      int smallest = sizes.convert(text.substring(0, dots));
      int largest = sizes.convert(text.substring(dots + 2));
      if (smallest > largest) {
        throw new TypeConversionException(
            "'" + text + "' is not a range of sizes, expected the smaller size first");
      }
      return new SizeRange(smallest, largest);
    }
  }

  /**
   * Converts the name of an allocator, or of a class of allocators; iterates over all names, for
   * the help and for completion.
   */
  public static final class AllocatorName
      implements ITypeConverter<AllocatorChoice>, Iterable<String> {
    @Override
    public AllocatorChoice convert(String value) {
      try {
        return AllocatorChoice.of(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public Iterator<String> iterator() {
      return AllocatorChoice.named().stream().map(AllocatorChoice::toString).iterator();
    }
  }

  /** Converts a protocol's name; iterates over all names, for the help and for completion. */
  public static final class ProtocolName implements ITypeConverter<Protocol>, Iterable<String> {
    @Override
    public Protocol convert(String value) {
      return Protocols.all().stream()
          .filter(protocol -> protocol.name().equalsIgnoreCase(value))
          .findFirst()
          .orElseThrow(() -> unknown(value));
    }

    private static TypeConversionException unknown(String value) {
      return new TypeConversionException(
          "expected one of " + names() + " (case-insensitive) but was '" + value + "'");
    }

    @Override
    public Iterator<String> iterator() {
      return names().iterator();
    }

    private static List<String> names() {
      return Protocols.all().stream().map(Protocol::name).toList();
    }
  }
}
