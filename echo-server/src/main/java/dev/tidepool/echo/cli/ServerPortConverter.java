package dev.tidepool.echo.cli;

import picocli.CommandLine.ITypeConverter;

/** Reads the TCP port of a server to connect to. */
public final class ServerPortConverter implements ITypeConverter<Integer> {
  private final BoundedLong bounds = new BoundedLong(1, 65_535);

  @Override
  public Integer convert(String value) {
    return bounds.convert(value).intValue();
  }
}
