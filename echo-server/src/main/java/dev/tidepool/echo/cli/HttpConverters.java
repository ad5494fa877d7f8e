package dev.tidepool.echo.cli;

import dev.tidepool.echo.protocol.url.TargetUrl;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The converters of what a load requests of an HTTP server. */
public final class HttpConverters {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

  private HttpConverters() {}

  /** Converts a URL, whose host is not looked up. */
  public static final class Url implements ITypeConverter<TargetUrl> {
    @Override
    public TargetUrl convert(String value) {
      try {
        return TargetUrl.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Converts a method of HTTP, which is taken as it is given. */
  public static final class Method implements ITypeConverter<String> {
    private static final Pattern FORM = Pattern.compile(TOKEN);

    @Override
    public String convert(String value) {
      if (!FORM.matcher(value).matches() || value.equals("CONNECT")) {
        throw new TypeConversionException(
            "'" + value + "' is not a method for a load, expected one such as GET or POST");
      }
      return value;
    }
  }

  /** Converts a field, {@code Name: value}. */
  public static final class Header implements ITypeConverter<Map.Entry<String, String>> {
    private static final Pattern FORM =
        Pattern.compile("(?<name>" + TOKEN + "):[ \\t]*(?<value>[^\\x00-\\x08\\x0a-\\x1f\\x7f]*)");
    private static final Set<String> COMPUTED =
        Set.of("content-length", "upgrade", "http2-settings");

    @Override
    public Map.Entry<String, String> convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "'" + value + "' is not a header, expected one such as 'Accept: text/html'");
      }
      requireLoadable(value, matcher.group("name"), matcher.group("value"));
      return Map.entry(matcher.group("name"), matcher.group("value"));
    }

    private static void requireLoadable(String header, String name, String value) {
      String lowerCase = name.toLowerCase(Locale.ROOT);
      boolean isCoding = lowerCase.equals("transfer-encoding");
      if (isCoding && !value.equalsIgnoreCase("chunked")) {
        throw new TypeConversionException("'" + header + "' was given, expected chunked");
      }
      if (COMPUTED.contains(lowerCase)) {
        throw new TypeConversionException(
            "'" + header + "' is a header that the load sets by itself, expected another");
      }
    }
  }
}
