package dev.tidepool.echo.cli;

import picocli.CommandLine.ITypeConverter;

/** Reads a number of event loops; 0 stands for Netty's default. */
public final class EventLoopsConverter implements ITypeConverter<Integer> {
  private final BoundedLong bounds = new BoundedLong(0, 1_024);

  @Override
  public Integer convert(String value) {
    return bounds.convert(value).intValue();
  }
}
