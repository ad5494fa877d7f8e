package dev.tidepool.echo.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations in which something is to be done: no zero. */
public final class PositiveDurationConverter implements ITypeConverter<Duration> {
  private final DurationConverter durations = new DurationConverter();

  @Override
  public Duration convert(String value) {
    Duration duration = durations.convert(value);
    if (duration.isZero()) {
      throw new TypeConversionException("'" + value + "' is no time, expected 1ms at least");
    }
    return duration;
  }
}
