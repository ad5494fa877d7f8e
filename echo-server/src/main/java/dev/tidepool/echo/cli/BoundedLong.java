package dev.tidepool.echo.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a whole number and says what was expected when it is none or out of its bounds. */
final class BoundedLong implements ITypeConverter<Long> {
  private static final Pattern FORM = Pattern.compile("-?\\d{1,18}");

  private final long smallest;
  private final long largest;

  BoundedLong(long smallest, long largest) {
    this.smallest = smallest;
    this.largest = largest;
  }

  @Override
  public Long convert(String value) {
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
