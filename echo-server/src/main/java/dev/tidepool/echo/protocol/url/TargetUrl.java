package dev.tidepool.echo.protocol.url;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a load's target, in its parts.
 *
 * @param scheme one of http, https, ws and wss
 * @param host a name, or an address without brackets
 * @param port from 1 to 65,535
 * @param authority host and port as they were given, for the field {@code Host}
 * @param path with its query, {@code /} at least
 */
public record TargetUrl(String scheme, String host, int port, String authority, String path) {
  private static final Map<String, Integer> PORTS =
      Map.of("http", 80, "https", 443, "ws", 80, "wss", 443);

  /** A name, an address or an address of IPv6 in brackets, then perhaps a port. */
  private static final Pattern AUTHORITY =
      Pattern.compile("(?<host>\\[[^\\[\\]@]+]|[^\\[\\]:@]+)(:(?<port>\\d{1,5}))?");

  private static final String EXAMPLE =
      "one such as http://host:8080/path, with http, https, ws or wss";

  private static final int LARGEST_PORT = 65_535;

  /**
   * Parses a URL; its fragment is left out, since servers are not told of it.
   *
   * @throws IllegalArgumentException if it is none, saying what was expected
   */
  public static TargetUrl parse(String text) {
    URI uri = uri(text);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    @Nullable Integer usualPort = PORTS.get(scheme);
    if (usualPort == null || uri.getRawAuthority() == null) {
      throw wrong(text, EXAMPLE);
    }
    Matcher authority = AUTHORITY.matcher(uri.getRawAuthority());
    if (!authority.matches()) {
      throw wrong(text, "host or host:port behind the //, without a user");
    }
    int port = port(text, authority.group("port"), usualPort);
    return new TargetUrl(scheme, host(authority), port, uri.getRawAuthority(), path(uri));
  }

  private static URI uri(String text) {
    try {
      return new URI(new URI(text).toASCIIString());
    } catch (URISyntaxException e) {
      throw wrong(text, EXAMPLE + "; " + e.getReason());
    }
  }

  private static String host(Matcher authority) {
    String host = authority.group("host");
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(String text, @Nullable String port, int usual) {
    int number = port == null ? usual : Integer.parseInt(port);
    if (number < 1 || number > LARGEST_PORT) {
      throw wrong(text, "a port from 1 to " + LARGEST_PORT);
    }
    return number;
  }

  private static String path(URI uri) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  private static IllegalArgumentException wrong(String text, String expected) {
    return new IllegalArgumentException("'" + text + "' is not a URL, expected " + expected);
  }

  /** Whether connections to it are over TLS. */
  public boolean isTls() {
    return scheme.equals("https") || scheme.equals("wss");
  }

  /** Whether it is that of a WebSocket. */
  public boolean isWebSocket() {
    return scheme.equals("ws") || scheme.equals("wss");
  }

  @Override
  public String toString() {
    return scheme + "://" + authority + path;
  }
}
