package dev.tidepool.echo.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes in bytes with an optional binary suffix: {@code 100}, {@code 64K}, {@code 16M}. */
public final class SizeConverter implements ITypeConverter<Integer> {
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
