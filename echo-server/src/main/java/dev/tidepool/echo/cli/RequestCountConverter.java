package dev.tidepool.echo.cli;

import picocli.CommandLine.ITypeConverter;

/** Reads a total number of requests: one at least. */
public final class RequestCountConverter implements ITypeConverter<Long> {
  private final BoundedLong bounds = new BoundedLong(1, 1_000_000_000_000L);

  @Override
  public Long convert(String value) {
    return bounds.convert(value);
  }
}
