package dev.tidepool.echo.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a host's name or address. */
public final class HostConverter implements ITypeConverter<String> {
  @Override
  public String convert(String value) {
    if (value.isBlank()) {
      throw new TypeConversionException(
          "'" + value + "' is not a host, expected a name or an address");
    }
    return value;
  }
}
