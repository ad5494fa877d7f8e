package dev.tidepool.echo.cli;

import dev.tidepool.echo.load.result.Threshold;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a limit for a result: {@code p99<2ms}, {@code errors%<0.1}. */
public final class ThresholdConverter implements ITypeConverter<Threshold> {
  @Override
  public Threshold convert(String value) {
    try {
      return Threshold.parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
