package dev.tidepool.echo.cli;

import picocli.CommandLine.ITypeConverter;

/** Reads a TCP port; 0 stands for any free one. */
public final class PortConverter implements ITypeConverter<Integer> {
  private final BoundedLong bounds = new BoundedLong(0, 65_535);

  @Override
  public Integer convert(String value) {
    return bounds.convert(value).intValue();
  }
}
