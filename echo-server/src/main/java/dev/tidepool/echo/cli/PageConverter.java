package dev.tidepool.echo.cli;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts the address of a server's live page: {@code http://127.0.0.1:7080/}. */
public final class PageConverter implements ITypeConverter<URI> {
  @Override
  public URI convert(String value) {
    try {
      URI page = new URI(value);
      if ("http".equals(page.getScheme()) && page.getHost() != null) {
        return page;
      }
    } catch (URISyntaxException e) {
      throw refusal(value);
    }
    throw refusal(value);
  }

  private static TypeConversionException refusal(String value) {
    return new TypeConversionException(
        "'" + value + "' is no page of a server, expected one such as http://127.0.0.1:7080");
  }
}
