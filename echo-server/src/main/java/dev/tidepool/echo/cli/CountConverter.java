package dev.tidepool.echo.cli;

import picocli.CommandLine.ITypeConverter;

/** Reads how many of something there shall be: one at least. */
public final class CountConverter implements ITypeConverter<Integer> {
  private final BoundedLong bounds = new BoundedLong(1, 1_000_000);

  @Override
  public Integer convert(String value) {
    return bounds.convert(value).intValue();
  }
}
